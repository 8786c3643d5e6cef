-- before all
-- prepare: create schema main
create schema if not exists "main";

-- prepare: create schema _fft
create schema if not exists "_fft";

-- prepare: create the watermarks table
create table if not exists "_fft"."watermarks" (relation varchar not null, version bigint not null, model varchar, column_name varchar not null, value varchar, run_id varchar, action varchar not null, recorded_at varchar not null);

-- prepare: create the runs table
create table if not exists "_fft"."runs" (run_id varchar, command varchar, environment varchar, fft_version varchar, status varchar, started_at varchar, finished_at varchar);

-- prepare: create the node_runs table
create table if not exists "_fft"."node_runs" (run_id varchar, relation varchar not null, model varchar, status varchar, started_at varchar, milliseconds bigint, inserted bigint, updated bigint, deleted bigint, unchanged bigint, late bigint, duplicates bigint);

-- prepare: create the dead_letters table
create table if not exists "_fft"."dead_letters" (relation varchar not null, model varchar, run_id varchar, event_json varchar, reason varchar, noted_at varchar);

-- model.lab.m: create incremental cdc, first run: every row of the full SELECT
begin;

-- stage: stage the delta, counts staged
create temp table "temp"."main"."__fft_stage_0123abcd_0" as select * from (
select id, v, t from "raw"."src"
) as delta;

-- chooses: see whether events cannot be read
select case when exists (select 1 from "temp"."main"."__fft_stage_0123abcd_0" as delta where (case when delta."v" is null then 'no operation: v is NULL' when lower(trim(cast(delta."v" as varchar))) not in ('c', 'u', 'd', 'r', 'i') then concat('unknown operation: ', cast(delta."v" as varchar)) when delta."t" is null then 'no sequence: t is NULL' end) is not null) then 'true' else 'false' end;

-- when 'true'
-- record: write bad events down
insert into "_fft"."dead_letters" (relation, model, run_id, event_json, reason, noted_at)
select 'main.m__cdc', 'm', 'run-1', found.event_json, found.reason, '2024-02-03T04:05:06.000Z' from (select cast(to_json(delta) as varchar) as event_json, case when delta."v" is null then 'no operation: v is NULL' when lower(trim(cast(delta."v" as varchar))) not in ('c', 'u', 'd', 'r', 'i') then concat('unknown operation: ', cast(delta."v" as varchar)) when delta."t" is null then 'no sequence: t is NULL' end as reason from "temp"."main"."__fft_stage_0123abcd_0" as delta where (case when delta."v" is null then 'no operation: v is NULL' when lower(trim(cast(delta."v" as varchar))) not in ('c', 'u', 'd', 'r', 'i') then concat('unknown operation: ', cast(delta."v" as varchar)) when delta."t" is null then 'no sequence: t is NULL' end) is not null) as found where not exists (select 1 from "_fft"."dead_letters" as noted where noted.relation = 'main.m__cdc' and noted.reason = found.reason and noted.event_json = found.event_json);

-- check: leave bad events out, counts dropped
delete from "temp"."main"."__fft_stage_0123abcd_0" as delta where coalesce(((case when delta."v" is null then 'no operation: v is NULL' when lower(trim(cast(delta."v" as varchar))) not in ('c', 'u', 'd', 'r', 'i') then concat('unknown operation: ', cast(delta."v" as varchar)) when delta."t" is null then 'no sequence: t is NULL' end) is not null), false);

-- end of 'true'

-- chooses: check the key id
select case when count(*) filter (where "id" is null) > 0 then 'null_keys' when count(*) > count(distinct "id") + (count(*) - count("id") > 0)::int then 'duplicates' else 'unique' end from "temp"."main"."__fft_stage_0123abcd_0";

-- when 'null_keys'
-- expects no rows, else null-key: show rows without a key
select * from "temp"."main"."__fft_stage_0123abcd_0" where "id" is null limit 5;

-- end of 'null_keys'

-- when 'duplicates'
-- chooses: see whether events came twice
select case when count(*) > count(distinct ("id", "t", case when lower(trim(cast("v" as varchar))) = 'r' then 0 else 1 end)) then 'duplicates' else 'unique' end from "temp"."main"."__fft_stage_0123abcd_0";

-- when 'duplicates'
-- check: collapse equal rows, counts duplicates
delete from "temp"."main"."__fft_stage_0123abcd_0" where rowid not in (select min(rowid) from "temp"."main"."__fft_stage_0123abcd_0" group by "id", "v", "t");

-- chooses: see whether events contradict others
select case when exists (select 1 from "temp"."main"."__fft_stage_0123abcd_0" as delta where exists (select 1 from (select "id", "t", __fft_kind from (select "id", "t", case when lower(trim(cast(delta."v" as varchar))) = 'r' then 0 else 1 end as __fft_kind from "temp"."main"."__fft_stage_0123abcd_0" as delta) as events group by "id", "t", __fft_kind having count(*) > 1) as target where delta."id" = target."id" and delta."t" = target."t" and case when lower(trim(cast(delta."v" as varchar))) = 'r' then 0 else 1 end = target.__fft_kind)) then 'true' else 'false' end;

-- when 'true'
-- record: write bad events down
insert into "_fft"."dead_letters" (relation, model, run_id, event_json, reason, noted_at)
select 'main.m__cdc', 'm', 'run-1', found.event_json, found.reason, '2024-02-03T04:05:06.000Z' from (select cast(to_json(delta) as varchar) as event_json, 'another event of the key has the same sequence and says something else' as reason from "temp"."main"."__fft_stage_0123abcd_0" as delta where exists (select 1 from (select "id", "t", __fft_kind from (select "id", "t", case when lower(trim(cast(delta."v" as varchar))) = 'r' then 0 else 1 end as __fft_kind from "temp"."main"."__fft_stage_0123abcd_0" as delta) as events group by "id", "t", __fft_kind having count(*) > 1) as target where delta."id" = target."id" and delta."t" = target."t" and case when lower(trim(cast(delta."v" as varchar))) = 'r' then 0 else 1 end = target.__fft_kind)) as found where not exists (select 1 from "_fft"."dead_letters" as noted where noted.relation = 'main.m__cdc' and noted.reason = found.reason and noted.event_json = found.event_json);

-- check: leave bad events out, counts dropped
delete from "temp"."main"."__fft_stage_0123abcd_0" as delta where coalesce((exists (select 1 from (select "id", "t", __fft_kind from (select "id", "t", case when lower(trim(cast(delta."v" as varchar))) = 'r' then 0 else 1 end as __fft_kind from "temp"."main"."__fft_stage_0123abcd_0" as delta) as events group by "id", "t", __fft_kind having count(*) > 1) as target where delta."id" = target."id" and delta."t" = target."t" and case when lower(trim(cast(delta."v" as varchar))) = 'r' then 0 else 1 end = target.__fft_kind)), false);

-- end of 'true'

-- end of 'duplicates'

-- end of 'duplicates'

-- stage: build the table aside, counts written
create table "main"."__fft_aside_0123abcd_0" as select * from (
select delta."id", delta."t" as "_fft_seq", case when lower(trim(cast(delta."v" as varchar))) = 'i' then 'c' else lower(trim(cast(delta."v" as varchar))) end as "_fft_op", lower(trim(cast(delta."v" as varchar))) = 'd' as "_fft_deleted" from (select delta.*, row_number() over (partition by delta."id" order by case when lower(trim(cast(delta."v" as varchar))) = 'r' then 0 else 1 end desc, delta."t" desc) as __fft_place from "temp"."main"."__fft_stage_0123abcd_0" as delta) as delta where __fft_place = 1
) as built;

-- clean: drop the staged delta
drop table if exists "temp"."main"."__fft_stage_0123abcd_0";

-- publish: put it in place
alter table "main"."__fft_aside_0123abcd_0" rename to "m__cdc";

-- publish: create the view
create or replace view "main"."m" as (
select "id" from "main"."m__cdc" as target where not "_fft_deleted"
);

commit;
