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

-- model.lab.m: apply incremental scd2, the whole SELECT is the delta (right, but it reads everything)
begin;

-- stage: stage the delta, counts staged
create temp table "pg_temp"."__fft_stage_0123abcd_0" on commit drop as select * from (
select id, v, t from "raw"."src"
) as delta;
select * from "pg_temp"."__fft_stage_0123abcd_0" limit 0;

-- expects no rows, else null-updated-at: see that no row lacks t
select * from "pg_temp"."__fft_stage_0123abcd_0" as delta where not coalesce((delta."t" is not null), false) limit 5;

-- chooses: check the key id
select case when count(*) filter (where "id" is null) > 0 then 'null_keys' when count(*) > count(distinct ("id", "t")) then 'duplicates' else 'unique' end from "pg_temp"."__fft_stage_0123abcd_0";

-- when 'null_keys'
-- expects no rows, else null-key: show rows without a key
select * from "pg_temp"."__fft_stage_0123abcd_0" where "id" is null limit 5;

-- end of 'null_keys'

-- when 'duplicates'
-- check: collapse equal rows, counts duplicates
delete from "pg_temp"."__fft_stage_0123abcd_0" as given using (select ctid as __fft_row, row_number() over (partition by "id", "v", "t" order by ctid) as __fft_place from "pg_temp"."__fft_stage_0123abcd_0") as numbered where given.ctid = numbered.__fft_row and numbered.__fft_place > 1;

-- expects no rows, else duplicate-key: show keys without a newest row
select * from "pg_temp"."__fft_stage_0123abcd_0" where ctid in (select __fft_row from (select __fft_row, count(*) over (partition by "id", __fft_bucket) as __fft_times from (select __fft_row, "id", __fft_bucket from (select ctid as __fft_row, "id", "t" as __fft_bucket, rank() over (partition by "id", "t" order by "t" desc nulls last) as __fft_place from "pg_temp"."__fft_stage_0123abcd_0") as ranked where __fft_place = 1) as candidates) as counted where __fft_times > 1) order by "id" limit 10;

-- check: keep the newest row a key by t, counts duplicates
delete from "pg_temp"."__fft_stage_0123abcd_0" as given using (select ctid as __fft_row, row_number() over (partition by "id", "t" order by "t" desc nulls last, ctid) as __fft_place from "pg_temp"."__fft_stage_0123abcd_0") as numbered where given.ctid = numbered.__fft_row and numbered.__fft_place > 1;

-- end of 'duplicates'

-- check: count late rows, counts late
select case when exists (select 1 from "pg_temp"."__fft_stage_0123abcd_0" as delta where delta."t" < cast('2024-01-02 03:04:05.678901' as timestamp without time zone)) then (select count(*) as rows_affected from "pg_temp"."__fft_stage_0123abcd_0" as delta where delta."t" < cast('2024-01-02 03:04:05.678901' as timestamp without time zone) and not exists (select 1 from "lab"."m" as target where ((not (delta."id" is distinct from target."id" or delta."v" is distinct from target."v" or delta."t" is distinct from target."t"))))) else 0 end as rows_affected;

-- record: record the watermark
insert into "_fft"."watermarks" (relation, version, model, column_name, value, run_id, action, recorded_at)
with marks as (select 't' as column_name, cast(greatest((select max("t") from "pg_temp"."__fft_stage_0123abcd_0"), cast('2024-01-02 03:04:05.678901' as timestamp without time zone)) as text) as value),
newest as (select column_name, value, version from (select column_name, value, version, max(version) over () as newest from "_fft"."watermarks" where relation = 'lab.m') as recorded where version = newest)
select 'lab.m', (select coalesce(max(version), 0) + 1 from newest), 'm', column_name, value, 'run-1', 'run', '2024-02-03T04:05:06.000Z' from marks where exists (select 1 from marks as mark left join newest on newest.column_name = mark.column_name where newest.value is distinct from mark.value);

-- apply: find versions that are new, end elsewhere or are gone
lock table "lab"."m" in share row exclusive mode;
analyze "pg_temp"."__fft_stage_0123abcd_0" ("id");
select set_config('work_mem', '32MB', true) where pg_size_bytes(current_setting('work_mem')) < 33554432;
create temp table "pg_temp"."__fft_changed_0123abcd_0" on commit drop as with incoming as (
select delta.*, delta."t" as __fft_time, delta."t" as __fft_updated from "pg_temp"."__fft_stage_0123abcd_0" as delta
),
later as (
select incoming.* from incoming where not coalesce(__fft_time <= (select max("valid_from") from "lab"."m"), false)
),
earlier as (
select incoming.* from (select * from incoming where coalesce(__fft_time <= (select max("valid_from") from "lab"."m"), false)) as incoming where not exists (select 1 from "lab"."m" as target where target."id" = incoming."id" and target."valid_from" = incoming.__fft_time and not (target."v" is distinct from incoming."v" or target."t" is distinct from incoming."t"))
),
fresh as (
select * from later union all select * from earlier
),
affected as (
select "id" from fresh
),
old as (
select target.* from "lab"."m" as target where exists (select 1 from affected where target."id" = affected."id")
),
events as (
select old."id", old."v", old."t", old."valid_from" as __fft_time, old."valid_from" as __fft_updated, false as __fft_deleted, 1 as __fft_kind, 'old' as __fft_origin, old."valid_to" as __fft_ended from old where not exists (select 1 from earlier where old."id" = earlier."id" and earlier.__fft_time = old."valid_from")
union all
select earlier."id", earlier."v", earlier."t", earlier.__fft_time, earlier.__fft_updated, false as __fft_deleted, 1 as __fft_kind, case when old."valid_from" is null then 'new' else 'replaced' end as __fft_origin, null as __fft_ended from earlier left join old on old."id" = earlier."id" and old."valid_from" = earlier.__fft_time
union all
select later."id", later."v", later."t", later.__fft_time, later.__fft_updated, false as __fft_deleted, 1 as __fft_kind, 'new' as __fft_origin, null as __fft_ended from later
union all
select old."id", old."v", old."t", old."valid_to", old."valid_to", false, 0, 'mark' as __fft_origin, null as __fft_ended from (select * from old where "valid_to" is not null) as old where not exists (select 1 from old as later where old."id" = later."id" and later."valid_from" = old."valid_to")
),
ordered as (
select *, lead(__fft_time) over (partition by "id" order by __fft_time, __fft_kind) as __fft_next from events
),
versions as (
select "id", "v", "t", __fft_time as "valid_from", __fft_next as "valid_to", __fft_next is null as "is_current", __fft_origin, __fft_ended from ordered where __fft_kind = 1
)
select "id", "v", "t", "valid_from", "valid_to", "is_current", case when __fft_origin = 'new' then 'insert' else 'update' end as __fft_action from versions where __fft_origin <> 'old' or not ("valid_to" is not distinct from __fft_ended);

-- apply: delete the versions to update, counts updated
delete from "lab"."m" as target using "pg_temp"."__fft_changed_0123abcd_0" as delta where target."id" = delta."id" and target."valid_from" = delta."valid_from" and delta.__fft_action = 'update';

-- apply: insert versions that are new or differ, counts written
insert into "lab"."m" ("id", "v", "t", "valid_from", "valid_to", "is_current") select "id", "v", "t", "valid_from", "valid_to", "is_current" from "pg_temp"."__fft_changed_0123abcd_0" where __fft_action <> 'delete';

commit;
