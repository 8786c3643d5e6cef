-- model.lab.m: replace view, it is a table now
begin;

-- publish: create the view in place of the table
drop view "lab"."by_hand";
drop table if exists "lab"."m";
create view "lab"."m" as (
select id, v, t from "raw"."src"
);
comment on table "lab"."m" is 'events';
create index on "lab"."m" (t);
create view "lab"."by_hand" as select id from lab.m;
grant select on "lab"."by_hand" to reader;

commit;
