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

-- model.lab.m: apply incremental merge, the whole SELECT is the delta (right, but it reads everything)
begin;

-- stage: stage the delta, counts staged
create temp table "pg_temp"."__fft_stage_0123abcd_0" on commit drop as select * from (
select id, v, t from "raw"."src"
) as delta;
select * from "pg_temp"."__fft_stage_0123abcd_0" limit 0;

-- chooses: check the key v
select case when count(*) filter (where "v" is null) > 0 then 'null_keys' when count(*) > count(distinct "v") + (count(*) - count("v") > 0)::int then 'duplicates' else 'unique' end from "pg_temp"."__fft_stage_0123abcd_0";

-- when 'null_keys'
-- expects no rows, else null-key: show rows without a key
select * from "pg_temp"."__fft_stage_0123abcd_0" where "v" is null limit 5;

-- end of 'null_keys'

-- when 'duplicates'
-- check: collapse equal rows, counts duplicates
delete from "pg_temp"."__fft_stage_0123abcd_0" as given using (select ctid as __fft_row, row_number() over (partition by "id", "v", "t" order by ctid) as __fft_place from "pg_temp"."__fft_stage_0123abcd_0") as numbered where given.ctid = numbered.__fft_row and numbered.__fft_place > 1;

-- expects no rows, else duplicate-key: show duplicate keys
select * from "pg_temp"."__fft_stage_0123abcd_0" where ctid in (select __fft_row from (select __fft_row, count(*) over (partition by "v") as __fft_times from (select ctid as __fft_row, "v" from "pg_temp"."__fft_stage_0123abcd_0") as candidates) as counted where __fft_times > 1) order by "v" limit 10;

-- end of 'duplicates'

-- schema: widen column id to bigint
alter table "lab"."m" alter column "id" set data type bigint;

-- schema: widen column old_id to bigint
alter table "lab"."m" alter column "old_id" set data type bigint;

-- apply: find the rows of the keys
lock table "lab"."m" in share row exclusive mode;
analyze "pg_temp"."__fft_stage_0123abcd_0" ("v");
select set_config('work_mem', '32MB', true) where pg_size_bytes(current_setting('work_mem')) < 33554432;
create temp table "pg_temp"."__fft_pairs_0123abcd_0" on commit drop as select target.ctid as target_row, delta.ctid as delta_row, coalesce(not (delta."id" is distinct from target."id" or delta."t" is distinct from target."t"), false) as stays, case when target."id" is distinct from delta."id" then target."id" else target."old_id" end as kept_0 from "pg_temp"."__fft_stage_0123abcd_0" as delta join "lab"."m" as target on delta."v" = target."v";

-- apply: leave out rows that are equal, counts unchanged
delete from "pg_temp"."__fft_stage_0123abcd_0" where ctid = any(array(select delta_row from "pg_temp"."__fft_pairs_0123abcd_0" where stays));

-- apply: delete the rows to update, counts updated
delete from "lab"."m" where ctid = any(array(select target_row from "pg_temp"."__fft_pairs_0123abcd_0" where not stays));

-- apply: insert the delta with the columns that an update leaves alone, counts written
insert into "lab"."m" ("id", "v", "t", "old_id") select delta."id", delta."v", delta."t", pairs.kept_0 from "pg_temp"."__fft_stage_0123abcd_0" as delta left join "pg_temp"."__fft_pairs_0123abcd_0" as pairs on pairs.delta_row = delta.ctid;

commit;
