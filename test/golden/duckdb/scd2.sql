-- before all
-- prepare: create schema _fft
create schema if not exists "_fft";

-- prepare: create the runs table
create table if not exists "_fft"."runs" (run_id varchar, command varchar, environment varchar, fft_version varchar, status varchar, started_at varchar, finished_at varchar);

-- prepare: create the node_runs table
create table if not exists "_fft"."node_runs" (run_id varchar, relation varchar not null, model varchar, status varchar, started_at varchar, milliseconds bigint, inserted bigint, updated bigint, deleted bigint, unchanged bigint, late bigint, duplicates bigint);

-- model.lab.m: apply incremental scd2, the whole SELECT is the delta (right, but it reads everything)
begin;

-- stage: stage the delta, counts staged
create temp table "temp"."main"."__fft_stage_0123abcd_0" as select * from (
select id, v, t from "raw"."src"
) as delta;

-- expects no rows, else null-updated-at: see that no row lacks t
select * from "temp"."main"."__fft_stage_0123abcd_0" as delta where not coalesce((delta."t" is not null), false) limit 5;

-- chooses: check the key id
select case when count(*) filter (where "id" is null) > 0 then 'null_keys' when count(*) > count(distinct ("id", "t")) then 'duplicates' else 'unique' end from "temp"."main"."__fft_stage_0123abcd_0";

-- when 'null_keys'
-- expects no rows, else null-key: show rows without a key
select * from "temp"."main"."__fft_stage_0123abcd_0" where "id" is null limit 5;

-- end of 'null_keys'

-- when 'duplicates'
-- check: collapse equal rows, counts duplicates
delete from "temp"."main"."__fft_stage_0123abcd_0" where rowid not in (select min(rowid) from "temp"."main"."__fft_stage_0123abcd_0" group by "id", "v", "t");

-- expects no rows, else duplicate-key: show keys without a newest row
select * from (select * from "temp"."main"."__fft_stage_0123abcd_0" qualify rank() over (partition by "id", "t" order by "t" desc nulls last) = 1) qualify count(*) over (partition by "id", "t") > 1 order by "id" limit 10;

-- check: keep the newest row a key by t, counts duplicates
delete from "temp"."main"."__fft_stage_0123abcd_0" where rowid not in (select rowid from "temp"."main"."__fft_stage_0123abcd_0" qualify row_number() over (partition by "id", "t" order by "t" desc nulls last, rowid) = 1);

-- end of 'duplicates'

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

-- apply: find versions that are new, end elsewhere or are gone
create temp table "temp"."main"."__fft_changed_0123abcd_0" as with incoming as (
select delta.*, delta."t" as __fft_time, delta."t" as __fft_updated from "temp"."main"."__fft_stage_0123abcd_0" as delta
),
later as (
select incoming.* from incoming where not coalesce(__fft_time <= (select max("valid_from") from "main"."m"), false)
),
earlier as (
select incoming.* from (select * from incoming where coalesce(__fft_time <= (select max("valid_from") from "main"."m"), false)) as incoming where not exists (select 1 from "main"."m" as target where target."id" = incoming."id" and target."valid_from" = incoming.__fft_time and target."v" is not distinct from incoming."v" and target."t" is not distinct from incoming."t")
),
fresh as (
select * from later union all select * from earlier
),
affected as (
select "id" from fresh
),
old as (
select target.* from "main"."m" as target where exists (select 1 from affected where target."id" = affected."id")
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
delete from "main"."m" as target using "temp"."main"."__fft_changed_0123abcd_0" as delta where target."id" = delta."id" and target."valid_from" = delta."valid_from" and delta.__fft_action = 'update';

-- apply: insert versions that are new or differ, counts written
insert into "main"."m" ("id", "v", "t", "valid_from", "valid_to", "is_current") select "id", "v", "t", "valid_from", "valid_to", "is_current" from "temp"."main"."__fft_changed_0123abcd_0" where __fft_action <> 'delete';

-- apply: drop what was found
drop table "temp"."main"."__fft_changed_0123abcd_0";

-- clean: drop the staged delta
drop table if exists "temp"."main"."__fft_stage_0123abcd_0";

commit;
