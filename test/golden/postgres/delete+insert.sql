-- before all
-- prepare: create schema _fft
do $fft$ begin
create schema if not exists "_fft";
exception when unique_violation or duplicate_schema or duplicate_table then null;
end $fft$;

-- prepare: create the watermarks table
do $fft$ begin
create table if not exists "_fft"."watermarks" (relation text not null, version bigint not null, model text, column_name text not null, value text, run_id text, action text not null, recorded_at text not null);
exception when unique_violation or duplicate_schema or duplicate_table then null;
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

-- apply: find the rows of the keys
lock table "lab"."m" in share row exclusive mode;
analyze "pg_temp"."__fft_stage_0123abcd_0" ("id");
create temp table "pg_temp"."__fft_old_0123abcd_0" on commit drop as select target.ctid as __fft_row, target.* from "lab"."m" as target where exists (select 1 from "pg_temp"."__fft_stage_0123abcd_0" as delta where target."id" = delta."id");

-- apply: find new rows, counts written
create temp table "pg_temp"."__fft_added_0123abcd_0" on commit drop as select cast("id" as integer) as "id", cast("v" as text) as "v", cast("t" as timestamp without time zone) as "t" from "pg_temp"."__fft_stage_0123abcd_0" except all select "id" as "id", "v" as "v", "t" as "t" from "pg_temp"."__fft_old_0123abcd_0";

-- apply: find rows that go, counts replaced
create temp table "pg_temp"."__fft_removed_0123abcd_0" on commit drop as select "id" as "id", "v" as "v", "t" as "t" from "pg_temp"."__fft_old_0123abcd_0" except all select cast("id" as integer) as "id", cast("v" as text) as "v", cast("t" as timestamp without time zone) as "t" from "pg_temp"."__fft_stage_0123abcd_0";

-- apply: pair them by key, counts updated
create temp table "pg_temp"."__fft_paired_0123abcd_0" on commit drop as select 1 as one from (select "id", row_number() over (partition by "id") as __fft_place from "pg_temp"."__fft_added_0123abcd_0") as added join (select "id", row_number() over (partition by "id") as __fft_place from "pg_temp"."__fft_removed_0123abcd_0") as removed on added."id" = removed."id" and added.__fft_place = removed.__fft_place;

-- apply: replace the rows of the keys that differ
create temp table "pg_temp"."__fft_changed_0123abcd_0" on commit drop as select "id" from "pg_temp"."__fft_added_0123abcd_0" union select "id" from "pg_temp"."__fft_removed_0123abcd_0";
delete from "lab"."m" where ctid = any(array(select __fft_row from "pg_temp"."__fft_old_0123abcd_0" as old where exists (select 1 from "pg_temp"."__fft_changed_0123abcd_0" as changed where old."id" = changed."id")));
insert into "lab"."m" ("id", "v", "t") select "id", "v", "t" from "pg_temp"."__fft_stage_0123abcd_0" as delta where exists (select 1 from "pg_temp"."__fft_changed_0123abcd_0" as changed where delta."id" = changed."id");

commit;
