-- model.lab.m: replace table, tables are built anew
begin;

-- stage: build the table aside, counts staged
create table "lab"."__fft_aside_0123abcd_0" as select * from (
select id, v, t from "raw"."src"
) as built;

-- publish: put it in place, and the views on it again: by_hand
drop view "lab"."by_hand";
drop table if exists "lab"."m";
alter table "lab"."__fft_aside_0123abcd_0" rename to "m";
comment on table "lab"."m" is 'events';
create index on "lab"."m" (t);
create view "lab"."by_hand" as select id from lab.m;
grant select on "lab"."by_hand" to reader;

commit;
