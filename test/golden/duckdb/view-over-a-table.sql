-- model.lab.m: replace view, it is a table now
begin;

-- publish: drop table m
drop table if exists "main"."m";

-- publish: create the view
create or replace view "main"."m" as (
select id, v, t from "raw"."src"
);

commit;
