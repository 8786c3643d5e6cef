-- before all
-- prepare: create schema lab
do $fft$ begin
create schema if not exists "lab";
exception when unique_violation or duplicate_schema or duplicate_table or duplicate_object then null;
end $fft$;

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

-- model.lab.m: create incremental scd3, first run: every row of the full SELECT
begin;

-- stage: build the table aside, counts staged
create table "lab"."__fft_aside_0123abcd_0" as select * from (
select id, v, t from "raw"."src"
) as built;

-- chooses: check the key id
select case when count(*) filter (where "id" is null) > 0 then 'null_keys' when count(*) > count(distinct "id") + (count(*) - count("id") > 0)::int then 'duplicates' else 'unique' end from "lab"."__fft_aside_0123abcd_0";

-- when 'null_keys'
-- expects no rows, else null-key: show rows without a key
select * from "lab"."__fft_aside_0123abcd_0" where "id" is null limit 5;

-- end of 'null_keys'

-- when 'duplicates'
-- check: collapse equal rows, counts duplicates
delete from "lab"."__fft_aside_0123abcd_0" as given using (select ctid as __fft_row, row_number() over (partition by "id", "v", "t" order by ctid) as __fft_place from "lab"."__fft_aside_0123abcd_0") as numbered where given.ctid = numbered.__fft_row and numbered.__fft_place > 1;

-- expects no rows, else duplicate-key: show keys without a newest row
select * from "lab"."__fft_aside_0123abcd_0" where ctid in (select __fft_row from (select __fft_row, count(*) over (partition by "id") as __fft_times from (select __fft_row, "id" from (select ctid as __fft_row, "id", rank() over (partition by "id" order by "t" desc nulls last) as __fft_place from "lab"."__fft_aside_0123abcd_0") as ranked where __fft_place = 1) as candidates) as counted where __fft_times > 1) order by "id" limit 10;

-- check: keep the newest row a key by t, counts duplicates
delete from "lab"."__fft_aside_0123abcd_0" as given using (select ctid as __fft_row, row_number() over (partition by "id" order by "t" desc nulls last, ctid) as __fft_place from "lab"."__fft_aside_0123abcd_0") as numbered where given.ctid = numbered.__fft_row and numbered.__fft_place > 1;

-- end of 'duplicates'

-- schema: add column old_v
alter table "lab"."__fft_aside_0123abcd_0" add column "old_v" text;

-- record: record the watermark
insert into "_fft"."watermarks" (relation, version, model, column_name, value, run_id, action, recorded_at)
with marks as (select 't' as column_name, cast((select max("t") from "lab"."__fft_aside_0123abcd_0") as text) as value),
newest as (select column_name, value, version from (select column_name, value, version, max(version) over () as newest from "_fft"."watermarks" where relation = 'lab.m') as recorded where version = newest)
select 'lab.m', (select coalesce(max(version), 0) + 1 from newest), 'm', column_name, value, 'run-1', 'full_refresh', '2024-02-03T04:05:06.000Z' from marks;

-- publish: put it in place
alter table "lab"."__fft_aside_0123abcd_0" rename to "m";

commit;
