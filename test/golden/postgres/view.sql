-- before all
-- prepare: create schema lab
do $fft$ begin
create schema if not exists "lab";
exception when unique_violation or duplicate_schema or duplicate_table or duplicate_object then null;
end $fft$;

-- model.lab.m: create view, first run
begin;

-- publish: create the view
create view "lab"."m" as (
select id, v, t from "raw"."src"
);

commit;
