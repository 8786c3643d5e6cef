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

-- model.lab.m: apply incremental insert_overwrite, the whole SELECT is the delta (right, but it reads everything)
begin;

-- stage: stage the delta, counts staged
create temp table "pg_temp"."__fft_stage_0123abcd_0" on commit drop as select * from (
select id, v, t from "raw"."src"
) as delta;
select * from "pg_temp"."__fft_stage_0123abcd_0" limit 0;

-- apply: find the old rows
lock table "lab"."m" in share row exclusive mode;
analyze "pg_temp"."__fft_stage_0123abcd_0" ("t", "v");
select set_config('work_mem', '32MB', true) where pg_size_bytes(current_setting('work_mem')) < 33554432;
create temp table "pg_temp"."__fft_old_0123abcd_0" on commit drop as select target.ctid as __fft_row, target."id", target."v", target."t" from "lab"."m" as target where exists (select 1 from "pg_temp"."__fft_stage_0123abcd_0" as delta where target."t" = delta."t" and target."v" = delta."v")
union all select target.ctid as __fft_row, target."id", target."v", target."t" from "lab"."m" as target where exists (select 1 from "pg_temp"."__fft_stage_0123abcd_0" as delta where coalesce(target."t", cast('-infinity' as timestamp without time zone)) = coalesce(delta."t", cast('-infinity' as timestamp without time zone)) and (target."t" is null) = (delta."t" is null) and coalesce(target."v", cast('' as text)) = coalesce(delta."v", cast('' as text)) and (target."v" is null) = (delta."v" is null)) and (target."t" is null or target."v" is null) and exists (select 1 from "pg_temp"."__fft_stage_0123abcd_0" where "t" is null or "v" is null);

-- apply: find what differs; count new rows, those that go, and updates, counts written
create temp table "pg_temp"."__fft_changed_0123abcd_0" on commit drop as select "t", "v", sum(greatest(__fft_times, 0)) as __fft_added, sum(greatest(-__fft_times, 0)) as __fft_removed from (select "id", "v", "t", sum(__fft_times) as __fft_times from (select cast("id" as integer) as "id", cast("v" as text) as "v", cast("t" as timestamp without time zone) as "t", 1 as __fft_times from "pg_temp"."__fft_stage_0123abcd_0" union all select "id" as "id", "v" as "v", "t" as "t", -1 as __fft_times from "pg_temp"."__fft_old_0123abcd_0") as both_sides group by "id", "v", "t" having sum(__fft_times) <> 0) as differing group by "t", "v";
select coalesce(sum(__fft_added), 0) as rows_affected, coalesce(sum(__fft_removed), 0) as replaced, coalesce(sum(least(__fft_added, __fft_removed)), 0) as updated from "pg_temp"."__fft_changed_0123abcd_0";

-- apply: replace the rows that differ
delete from "lab"."m" where ctid = any(array(select __fft_row from "pg_temp"."__fft_old_0123abcd_0" as old where exists (select 1 from "pg_temp"."__fft_changed_0123abcd_0" as changed where coalesce(old."t", cast('-infinity' as timestamp without time zone)) = coalesce(changed."t", cast('-infinity' as timestamp without time zone)) and (old."t" is null) = (changed."t" is null) and coalesce(old."v", cast('' as text)) = coalesce(changed."v", cast('' as text)) and (old."v" is null) = (changed."v" is null))));
insert into "lab"."m" ("id", "v", "t") select "id", "v", "t" from "pg_temp"."__fft_stage_0123abcd_0" as delta where exists (select 1 from "pg_temp"."__fft_changed_0123abcd_0" as changed where coalesce(delta."t", cast('-infinity' as timestamp without time zone)) = coalesce(changed."t", cast('-infinity' as timestamp without time zone)) and (delta."t" is null) = (changed."t" is null) and coalesce(delta."v", cast('' as text)) = coalesce(changed."v", cast('' as text)) and (delta."v" is null) = (changed."v" is null));

commit;
