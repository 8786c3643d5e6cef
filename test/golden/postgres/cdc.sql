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

-- prepare: create the dead_letters table
do $fft$ begin
create table if not exists "_fft"."dead_letters" (relation text not null, model text, run_id text, event_json text, reason text, noted_at text);
exception when unique_violation or duplicate_schema or duplicate_table or duplicate_object then null;
end $fft$;

-- model.lab.m: create incremental cdc, first run: every row of the full SELECT
begin;

-- stage: stage the delta, counts staged
create temp table "pg_temp"."__fft_stage_0123abcd_0" on commit drop as select * from (
select id, v, t from "raw"."src"
) as delta;
select * from "pg_temp"."__fft_stage_0123abcd_0" limit 0;

-- chooses: see whether events cannot be read
select case when exists (select 1 from "pg_temp"."__fft_stage_0123abcd_0" as delta where (case when delta."v" is null then 'no operation: v is NULL' when lower(trim(cast(delta."v" as text))) not in ('c', 'u', 'd', 'r', 'i') then concat('unknown operation: ', cast(delta."v" as text)) when delta."t" is null then 'no sequence: t is NULL' end) is not null) then 'true' else 'false' end;

-- when 'true'
-- record: write bad events down
insert into "_fft"."dead_letters" (relation, model, run_id, event_json, reason, noted_at)
select 'lab.m__cdc', 'm', 'run-1', found.event_json, found.reason, '2024-02-03T04:05:06.000Z' from (select cast(row_to_json(delta) as text) as event_json, case when delta."v" is null then 'no operation: v is NULL' when lower(trim(cast(delta."v" as text))) not in ('c', 'u', 'd', 'r', 'i') then concat('unknown operation: ', cast(delta."v" as text)) when delta."t" is null then 'no sequence: t is NULL' end as reason from "pg_temp"."__fft_stage_0123abcd_0" as delta where (case when delta."v" is null then 'no operation: v is NULL' when lower(trim(cast(delta."v" as text))) not in ('c', 'u', 'd', 'r', 'i') then concat('unknown operation: ', cast(delta."v" as text)) when delta."t" is null then 'no sequence: t is NULL' end) is not null) as found where not exists (select 1 from "_fft"."dead_letters" as noted where noted.relation = 'lab.m__cdc' and noted.reason = found.reason and noted.event_json = found.event_json);

-- check: leave bad events out, counts dropped
delete from "pg_temp"."__fft_stage_0123abcd_0" as delta where coalesce(((case when delta."v" is null then 'no operation: v is NULL' when lower(trim(cast(delta."v" as text))) not in ('c', 'u', 'd', 'r', 'i') then concat('unknown operation: ', cast(delta."v" as text)) when delta."t" is null then 'no sequence: t is NULL' end) is not null), false);

-- end of 'true'

-- chooses: check the key id
select case when count(*) filter (where "id" is null) > 0 then 'null_keys' when count(*) > count(distinct "id") + (count(*) - count("id") > 0)::int then 'duplicates' else 'unique' end from "pg_temp"."__fft_stage_0123abcd_0";

-- when 'null_keys'
-- expects no rows, else null-key: show rows without a key
select * from "pg_temp"."__fft_stage_0123abcd_0" where "id" is null limit 5;

-- end of 'null_keys'

-- when 'duplicates'
-- chooses: see whether events came twice
select case when count(*) > count(distinct ("id", "t", case when lower(trim(cast("v" as text))) = 'r' then 0 else 1 end)) then 'duplicates' else 'unique' end from "pg_temp"."__fft_stage_0123abcd_0";

-- when 'duplicates'
-- check: collapse equal rows, counts duplicates
delete from "pg_temp"."__fft_stage_0123abcd_0" as given using (select ctid as __fft_row, row_number() over (partition by "id", "v", "t" order by ctid) as __fft_place from "pg_temp"."__fft_stage_0123abcd_0") as numbered where given.ctid = numbered.__fft_row and numbered.__fft_place > 1;

-- chooses: see whether events contradict others
select case when exists (select 1 from "pg_temp"."__fft_stage_0123abcd_0" as delta where exists (select 1 from (select "id", "t", __fft_kind from (select "id", "t", case when lower(trim(cast(delta."v" as text))) = 'r' then 0 else 1 end as __fft_kind from "pg_temp"."__fft_stage_0123abcd_0" as delta) as events group by "id", "t", __fft_kind having count(*) > 1) as target where delta."id" = target."id" and delta."t" = target."t" and case when lower(trim(cast(delta."v" as text))) = 'r' then 0 else 1 end = target.__fft_kind)) then 'true' else 'false' end;

-- when 'true'
-- record: write bad events down
insert into "_fft"."dead_letters" (relation, model, run_id, event_json, reason, noted_at)
select 'lab.m__cdc', 'm', 'run-1', found.event_json, found.reason, '2024-02-03T04:05:06.000Z' from (select cast(row_to_json(delta) as text) as event_json, 'another event of the key has the same sequence and says something else' as reason from "pg_temp"."__fft_stage_0123abcd_0" as delta where exists (select 1 from (select "id", "t", __fft_kind from (select "id", "t", case when lower(trim(cast(delta."v" as text))) = 'r' then 0 else 1 end as __fft_kind from "pg_temp"."__fft_stage_0123abcd_0" as delta) as events group by "id", "t", __fft_kind having count(*) > 1) as target where delta."id" = target."id" and delta."t" = target."t" and case when lower(trim(cast(delta."v" as text))) = 'r' then 0 else 1 end = target.__fft_kind)) as found where not exists (select 1 from "_fft"."dead_letters" as noted where noted.relation = 'lab.m__cdc' and noted.reason = found.reason and noted.event_json = found.event_json);

-- check: leave bad events out, counts dropped
delete from "pg_temp"."__fft_stage_0123abcd_0" as delta where coalesce((exists (select 1 from (select "id", "t", __fft_kind from (select "id", "t", case when lower(trim(cast(delta."v" as text))) = 'r' then 0 else 1 end as __fft_kind from "pg_temp"."__fft_stage_0123abcd_0" as delta) as events group by "id", "t", __fft_kind having count(*) > 1) as target where delta."id" = target."id" and delta."t" = target."t" and case when lower(trim(cast(delta."v" as text))) = 'r' then 0 else 1 end = target.__fft_kind)), false);

-- end of 'true'

-- end of 'duplicates'

-- end of 'duplicates'

-- stage: build the table aside, counts written
create table "lab"."__fft_aside_0123abcd_0" as select * from (
select delta."id", delta."t" as "_fft_seq", case when lower(trim(cast(delta."v" as text))) = 'i' then 'c' else lower(trim(cast(delta."v" as text))) end as "_fft_op", lower(trim(cast(delta."v" as text))) = 'd' as "_fft_deleted" from (select delta.*, row_number() over (partition by delta."id" order by case when lower(trim(cast(delta."v" as text))) = 'r' then 0 else 1 end desc, delta."t" desc) as __fft_place from "pg_temp"."__fft_stage_0123abcd_0" as delta) as delta where __fft_place = 1
) as built;

-- publish: put it in place
alter table "lab"."__fft_aside_0123abcd_0" rename to "m__cdc";

-- publish: create the view in place of the table
drop view "lab"."by_hand";
drop table if exists "lab"."m";
create view "lab"."m" as (
select "id" from "lab"."m__cdc" as target where not "_fft_deleted"
);
comment on table "lab"."m" is 'events';
create index on "lab"."m" (t);
create view "lab"."by_hand" as select id from lab.m;
grant select on "lab"."by_hand" to reader;

commit;
