-- before all
-- prepare: create schema main
create schema if not exists "main";

-- model.lab.m: create view, first run
begin;

-- publish: create the view
create or replace view "main"."m" as (
select id, v, t from "raw"."src"
);

commit;
