-- before all
-- prepare: create schema _fft
create schema if not exists "_fft";

-- prepare: create the runs table
create table if not exists "_fft"."runs" (run_id varchar, command varchar, environment varchar, fft_version varchar, status varchar, started_at varchar, finished_at varchar);

-- prepare: create the node_runs table
create table if not exists "_fft"."node_runs" (run_id varchar, relation varchar not null, model varchar, status varchar, started_at varchar, milliseconds bigint, inserted bigint, updated bigint, deleted bigint, unchanged bigint, late bigint, duplicates bigint);

-- model.lab.m: apply incremental append, rows with t from 2024-01-02 03:04:05.678901 on, with no lookback: older ones are not looked at
begin;

-- stage: stage the delta, counts staged
create temp table "temp"."main"."__fft_stage_0123abcd_0" as select * from (
select * from (
select id, v, t from "raw"."src"
) as delta where "t" >= timestamp '2024-01-02 03:04:05.678901' or "t" is null
) as delta;

-- schema: add column new
alter table "main"."m" add column "new" DOUBLE;

-- chooses: see whether rows are below the watermark of t
select case when exists (select 1 from "temp"."main"."__fft_stage_0123abcd_0" as delta where delta."t" < timestamp '2024-01-02 03:04:05.678901') then 'true' else 'false' end;

-- when 'true'
-- check: count late rows, counts late
select count(*) as rows_affected from "temp"."main"."__fft_stage_0123abcd_0" as delta where delta."t" < timestamp '2024-01-02 03:04:05.678901' and not exists (select 1 from "main"."m" as target where ((delta."id" is not distinct from target."id" and delta."v" is not distinct from target."v" and delta."t" is not distinct from target."t")));

-- end of 'true'

-- record: record the watermark
insert into "_fft"."watermarks"
with marks as (select 't' as column_name, cast(greatest((select max("t") from "temp"."main"."__fft_stage_0123abcd_0"), timestamp '2024-01-02 03:04:05.678901') as varchar) as value),
newest as (select column_name, value, action, version from "_fft"."watermarks" where relation = 'main.m' qualify version = max(version) over ())
select 'main.m', (select coalesce(max(version), 0) + 1 from newest), 'm', column_name, value, 'run-1', 'run', '2024-02-03T04:05:06.000Z' from marks where exists (select 1 from marks as mark left join newest using (column_name) where newest.value is distinct from mark.value);

-- apply: leave out rows that are there, counts unchanged
delete from "temp"."main"."__fft_stage_0123abcd_0" where rowid in (select "__fft_row" from (select rowid as "__fft_row", "id", "v", "t", row_number() over (partition by "id", "v", "t") as "__fft_number" from "temp"."main"."__fft_stage_0123abcd_0") as delta join (select "id", "v", "t", count(*) as "__fft_number" from "main"."m" where "t" >= timestamp '2024-01-02 03:04:05.678901' or "t" is null group by "id", "v", "t") as target on delta."id" is not distinct from target."id" and delta."v" is not distinct from target."v" and delta."t" is not distinct from target."t" and delta."__fft_number" <= target."__fft_number");

-- apply: insert the delta, counts written
insert into "main"."m" ("id", "v", "t", "new") select "id", "v", "t", "new" from "temp"."main"."__fft_stage_0123abcd_0";

-- clean: drop the staged delta
drop table if exists "temp"."main"."__fft_stage_0123abcd_0";

commit;
