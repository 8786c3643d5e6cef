-- model.lab.m: replace table, tables are built anew
begin;

-- stage: build the table aside, counts staged
create table "main"."__fft_aside_0123abcd_0" as select * from (
select id, v, t from "raw"."src"
) as built;

-- publish: drop table m
drop table if exists "main"."m";

-- publish: put it in place
alter table "main"."__fft_aside_0123abcd_0" rename to "m";

commit;
