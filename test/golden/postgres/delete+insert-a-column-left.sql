-- before all
-- prepare: create schema _fft
do $fft$ begin
create schema if not exists "_fft";
exception when unique_violation or duplicate_schema or duplicate_table or duplicate_object then null;
end $fft$;

-- prepare: create the watermarks table
do $fft$ begin
create table if not exists "_fft"."watermarks" (relation text not null, version bigint not null, model text, column_name text not null, value text, run_id text, action text not null, recorded_at text not null);
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

-- model.lab.m: apply incremental delete+insert, the whole SELECT is the delta (right, but it reads everything)
begin;

-- stage: stage the delta, counts staged
create temp table "pg_temp"."__fft_stage_0123abcd_0" on commit drop as select * from (
select id, v, t from "raw"."src"
) as delta;
select * from "pg_temp"."__fft_stage_0123abcd_0" limit 0;

-- chooses: check the key id
select case when count(*) filter (where "id" is null) > 0 then 'null_keys' else 'unique' end from "pg_temp"."__fft_stage_0123abcd_0";

-- when 'null_keys'
-- expects no rows, else null-key: show rows without a key
select * from "pg_temp"."__fft_stage_0123abcd_0" where "id" is null limit 5;

-- end of 'null_keys'

-- apply: find the old rows
lock table "lab"."m" in share row exclusive mode;
analyze "pg_temp"."__fft_stage_0123abcd_0" ("id");
select set_config('work_mem', '32MB', true) where pg_size_bytes(current_setting('work_mem')) < 33554432;
create temp table "pg_temp"."__fft_old_0123abcd_0" on commit drop as select target.ctid as __fft_row, target."id", target."t", target."v" from "lab"."m" as target where exists (select 1 from "pg_temp"."__fft_stage_0123abcd_0" as delta where target."id" = delta."id");

-- apply: find what differs; count new rows, those that go, and updates, counts written
create temp table "pg_temp"."__fft_changed_0123abcd_0" on commit drop as select "id", sum(greatest(__fft_times, 0)) as __fft_added, sum(greatest(-__fft_times, 0)) as __fft_removed from (select "id", "t", "v", sum(__fft_times) as __fft_times from (select cast("id" as integer) as "id", cast("t" as timestamp without time zone) as "t", cast(null as text) as "v", 1 as __fft_times from "pg_temp"."__fft_stage_0123abcd_0" union all select "id" as "id", "t" as "t", "v" as "v", -1 as __fft_times from "pg_temp"."__fft_old_0123abcd_0") as both_sides group by "id", "t", "v" having sum(__fft_times) <> 0) as differing group by "id";
select coalesce(sum(__fft_added), 0) as rows_affected, coalesce(sum(__fft_removed), 0) as replaced, coalesce(sum(least(__fft_added, __fft_removed)), 0) as updated from "pg_temp"."__fft_changed_0123abcd_0";

-- apply: replace the rows that differ
delete from "lab"."m" where ctid = any(array(select __fft_row from "pg_temp"."__fft_old_0123abcd_0" as old where exists (select 1 from "pg_temp"."__fft_changed_0123abcd_0" as changed where old."id" = changed."id")));
insert into "lab"."m" ("id", "t") select "id", "t" from "pg_temp"."__fft_stage_0123abcd_0" as delta where exists (select 1 from "pg_temp"."__fft_changed_0123abcd_0" as changed where delta."id" = changed."id");

commit;
