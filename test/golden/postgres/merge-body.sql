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

-- model.lab.m: apply incremental merge, the delta is the body with is_incremental()
begin;

-- stage: stage the delta, counts staged
create temp table "pg_temp"."__fft_stage_0123abcd_0" on commit drop as select * from (
select id, v, t from "raw"."src" where t > (select max(t) from "lab"."m")
) as delta;
select * from "pg_temp"."__fft_stage_0123abcd_0" limit 0;

-- chooses: check the key id
select case when count(*) filter (where "id" is null) > 0 then 'null_keys' when count(*) > count(distinct "id") + (count(*) - count("id") > 0)::int then 'duplicates' else 'unique' end from "pg_temp"."__fft_stage_0123abcd_0";

-- when 'null_keys'
-- expects no rows, else null-key: show rows without a key
select * from "pg_temp"."__fft_stage_0123abcd_0" where "id" is null limit 5;

-- end of 'null_keys'

-- when 'duplicates'
-- check: collapse equal rows, counts duplicates
delete from "pg_temp"."__fft_stage_0123abcd_0" as given using (select ctid as __fft_row, row_number() over (partition by "id", "v", "t" order by ctid) as __fft_place from "pg_temp"."__fft_stage_0123abcd_0") as numbered where given.ctid = numbered.__fft_row and numbered.__fft_place > 1;

-- expects no rows, else duplicate-key: show keys without a newest row
select * from "pg_temp"."__fft_stage_0123abcd_0" where ctid in (select __fft_row from (select __fft_row, count(*) over (partition by "id") as __fft_times from (select __fft_row, "id" from (select ctid as __fft_row, "id", rank() over (partition by "id" order by "t" desc nulls last) as __fft_place from "pg_temp"."__fft_stage_0123abcd_0") as ranked where __fft_place = 1) as candidates) as counted where __fft_times > 1) order by "id" limit 10;

-- check: keep the newest row a key by t, counts duplicates
delete from "pg_temp"."__fft_stage_0123abcd_0" as given using (select ctid as __fft_row, row_number() over (partition by "id" order by "t" desc nulls last, ctid) as __fft_place from "pg_temp"."__fft_stage_0123abcd_0") as numbered where given.ctid = numbered.__fft_row and numbered.__fft_place > 1;

-- end of 'duplicates'

-- record: record the watermark
insert into "_fft"."watermarks" (relation, version, model, column_name, value, run_id, action, recorded_at)
with marks as (select 't' as column_name, cast(greatest((select max("t") from "pg_temp"."__fft_stage_0123abcd_0"), cast('2024-01-02 03:04:05.678901' as timestamp without time zone)) as text) as value),
newest as (select column_name, value, version from (select column_name, value, version, max(version) over () as newest from "_fft"."watermarks" where relation = 'lab.m') as recorded where version = newest)
select 'lab.m', (select coalesce(max(version), 0) + 1 from newest), 'm', column_name, value, 'run-1', 'run', '2024-02-03T04:05:06.000Z' from marks where exists (select 1 from marks as mark left join newest on newest.column_name = mark.column_name where newest.value is distinct from mark.value);

-- apply: find the rows of the keys
lock table "lab"."m" in share row exclusive mode;
analyze "pg_temp"."__fft_stage_0123abcd_0" ("id");
select set_config('work_mem', '32MB', true) where pg_size_bytes(current_setting('work_mem')) < 33554432;
create temp table "pg_temp"."__fft_pairs_0123abcd_0" on commit drop as select target.ctid as target_row, delta.ctid as delta_row, coalesce((coalesce(target."t" > delta."t", target."t" is not null and delta."t" is null) or not (delta."v" is distinct from target."v" or delta."t" is distinct from target."t")), false) as stays from "pg_temp"."__fft_stage_0123abcd_0" as delta join "lab"."m" as target on delta."id" = target."id";

-- apply: leave out rows that are equal or older, counts unchanged
delete from "pg_temp"."__fft_stage_0123abcd_0" where ctid = any(array(select delta_row from "pg_temp"."__fft_pairs_0123abcd_0" where stays));

-- apply: count late rows, counts late
select count(*) as rows_affected from "pg_temp"."__fft_stage_0123abcd_0" where "t" < cast('2024-01-02 03:04:05.678901' as timestamp without time zone);

-- apply: delete the rows to update, counts updated
delete from "lab"."m" where ctid = any(array(select target_row from "pg_temp"."__fft_pairs_0123abcd_0" where not stays));

-- apply: insert the delta, counts written
insert into "lab"."m" ("id", "v", "t") select "id", "v", "t" from "pg_temp"."__fft_stage_0123abcd_0";

commit;
