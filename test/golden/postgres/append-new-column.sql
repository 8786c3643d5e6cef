-- before all
-- prepare: create schema _fft
do $fft$ begin
create schema if not exists "_fft";
exception when unique_violation or duplicate_schema or duplicate_table or duplicate_object then null;
end $fft$;

-- prepare: create the runs table
do $fft$ begin
create table if not exists "_fft"."runs" (run_id text, command text, environment text, fft_version text, status text, started_at text, finished_at text);
exception when unique_violation or duplicate_schema or duplicate_table or duplicate_object then null;
end $fft$;

-- prepare: create the node_runs table
do $fft$ begin
create table if not exists "_fft"."node_runs" (run_id text, relation text not null, model text, status text, started_at text, milliseconds bigint, inserted bigint, updated bigint, deleted bigint, unchanged bigint, late bigint, duplicates bigint);
exception when unique_violation or duplicate_schema or duplicate_table or duplicate_object then null;
end $fft$;

-- model.lab.m: apply incremental append, rows with t from 2024-01-02 03:04:05.678901 on, with no lookback: older ones are not looked at
begin;

-- stage: stage the delta, counts staged
create temp table "pg_temp"."__fft_stage_0123abcd_0" on commit drop as select * from (
select * from (
select id, v, t from "raw"."src"
) as delta where "t" >= cast('2024-01-02 03:04:05.678901' as timestamp without time zone) or "t" is null
) as delta;
select * from "pg_temp"."__fft_stage_0123abcd_0" limit 0;

-- schema: add column new
alter table "lab"."m" add column "new" double precision;

-- check: count late rows, counts late
select case when exists (select 1 from "pg_temp"."__fft_stage_0123abcd_0" as delta where delta."t" < cast('2024-01-02 03:04:05.678901' as timestamp without time zone)) then (select count(*) as rows_affected from "pg_temp"."__fft_stage_0123abcd_0" as delta where delta."t" < cast('2024-01-02 03:04:05.678901' as timestamp without time zone) and not exists (select 1 from "lab"."m" as target where ((not (delta."id" is distinct from target."id" or delta."v" is distinct from target."v" or delta."t" is distinct from target."t"))))) else 0 end as rows_affected;

-- record: record the watermark
insert into "_fft"."watermarks" (relation, version, model, column_name, value, run_id, action, recorded_at)
with marks as (select 't' as column_name, cast(greatest((select max("t") from "pg_temp"."__fft_stage_0123abcd_0"), cast('2024-01-02 03:04:05.678901' as timestamp without time zone)) as text) as value),
newest as (select column_name, value, version from (select column_name, value, version, max(version) over () as newest from "_fft"."watermarks" where relation = 'lab.m') as recorded where version = newest)
select 'lab.m', (select coalesce(max(version), 0) + 1 from newest), 'm', column_name, value, 'run-1', 'run', '2024-02-03T04:05:06.000Z' from marks where exists (select 1 from marks as mark left join newest on newest.column_name = mark.column_name where newest.value is distinct from mark.value);

-- apply: leave out rows that are there, counts unchanged
lock table "lab"."m" in share row exclusive mode;
delete from "pg_temp"."__fft_stage_0123abcd_0" where ctid in (select delta.__fft_row from (select ctid as __fft_row, "id", "v", "t", row_number() over (partition by "id", "v", "t") as __fft_place from "pg_temp"."__fft_stage_0123abcd_0") as delta join (select "id", "v", "t", row_number() over (partition by "id", "v", "t") as __fft_place from "lab"."m" where "t" >= cast('2024-01-02 03:04:05.678901' as timestamp without time zone) or "t" is null) as target on coalesce(delta."id", cast('-2147483648' as integer)) = coalesce(target."id", cast('-2147483648' as integer)) and (delta."id" is null) = (target."id" is null) and coalesce(delta."v", cast('' as text)) = coalesce(target."v", cast('' as text)) and (delta."v" is null) = (target."v" is null) and coalesce(delta."t", cast('-infinity' as timestamp without time zone)) = coalesce(target."t", cast('-infinity' as timestamp without time zone)) and (delta."t" is null) = (target."t" is null) and delta.__fft_place = target.__fft_place);

-- apply: insert the delta, counts written
insert into "lab"."m" ("id", "v", "t", "new") select "id", "v", "t", "new" from "pg_temp"."__fft_stage_0123abcd_0";

commit;
