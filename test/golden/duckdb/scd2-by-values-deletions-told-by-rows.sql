-- before all
-- prepare: create schema _fft
create schema if not exists "_fft";

-- prepare: create the watermarks table
create table if not exists "_fft"."watermarks" (relation varchar not null, version bigint not null, model varchar, column_name varchar not null, value varchar, run_id varchar, action varchar not null, recorded_at varchar not null);

-- prepare: create the runs table
create table if not exists "_fft"."runs" (run_id varchar, command varchar, environment varchar, fft_version varchar, status varchar, started_at varchar, finished_at varchar);

-- prepare: create the node_runs table
create table if not exists "_fft"."node_runs" (run_id varchar, relation varchar not null, model varchar, status varchar, started_at varchar, milliseconds bigint, inserted bigint, updated bigint, deleted bigint, unchanged bigint, late bigint, duplicates bigint);

-- snapshot.lab.m: apply snapshot check, the whole SELECT is the delta (right, but it reads everything)
begin;

-- stage: stage the delta, counts staged
create temp table "temp"."main"."__fft_stage_0123abcd_0" as select * from (
select id, v, t from "raw"."src"
) as delta;

-- chooses: check the key id
select case when count(*) filter (where "id" is null) > 0 then 'null_keys' when count(*) > count(distinct "id") + (count(*) - count("id") > 0)::int then 'duplicates' else 'unique' end from "temp"."main"."__fft_stage_0123abcd_0";

-- when 'null_keys'
-- expects no rows, else null-key: show rows without a key
select * from "temp"."main"."__fft_stage_0123abcd_0" where "id" is null limit 5;

-- end of 'null_keys'

-- when 'duplicates'
-- check: collapse equal rows, counts duplicates
delete from "temp"."main"."__fft_stage_0123abcd_0" where rowid not in (select min(rowid) from "temp"."main"."__fft_stage_0123abcd_0" group by "id", "v", "t");

-- expects no rows, else duplicate-key: show duplicate keys
select * from "temp"."main"."__fft_stage_0123abcd_0" qualify count(*) over (partition by "id") > 1 order by "id" limit 10;

-- end of 'duplicates'

-- schema: add column is_deleted
alter table "main"."m" add column "is_deleted" boolean;

-- apply: find versions that are new, end elsewhere or are gone
create temp table "temp"."main"."__fft_changed_0123abcd_0" as with incoming as (
select delta.*, timestamp '2024-02-03 04:05:06' as __fft_time, timestamp '2024-02-03 04:05:06' as __fft_updated from "temp"."main"."__fft_stage_0123abcd_0" as delta
),
fresh as (
select incoming.* from incoming where not exists (select 1 from "main"."m" as target where target."id" = incoming."id" and target."valid_from" <= incoming.__fft_time and (target."valid_to" is null or target."valid_to" > incoming.__fft_time) and target."v" is not distinct from incoming."v" and not target."is_deleted")
),
living as (
select target.* from "main"."m" as target where "valid_to" is null and not target."is_deleted"
),
closing as (
select living.* from (select * from living where "valid_from" < timestamp '2024-02-03 04:05:06') as living where not exists (select 1 from incoming where living."id" = incoming."id")
),
came_back as (
select fresh.* from fresh where not exists (select 1 from "main"."m" as target where target."id" = fresh."id" and coalesce(target."valid_to", target."valid_from") > fresh.__fft_time)
),
ended as (
select incoming.* from incoming where exists (select 1 from "main"."m" as target where target."id" = incoming."id")
),
lost as (
select incoming.* from ended as incoming where not exists (select 1 from living where living."id" = incoming."id")
),
unsaid as (
select incoming.* from lost as incoming where not exists (select 1 from came_back where came_back."id" = incoming."id")
),
revived as (
select incoming.* from unsaid as incoming where not exists (select 1 from unsaid as newer where newer."id" = incoming."id" and newer.__fft_time > incoming.__fft_time)
),
affected as (
select "id" from fresh union select "id" from closing union select "id" from revived
),
old as (
select target.* from "main"."m" as target where exists (select 1 from affected where target."id" = affected."id")
),
events as (
select old."id", old."v", old."t", old."valid_from" as __fft_time, old."valid_from" as __fft_updated, old."is_deleted" as __fft_deleted, 1 as __fft_kind from old where not exists (select 1 from fresh where old."id" = fresh."id" and fresh.__fft_time = old."valid_from")
union all
select fresh."id", fresh."v", fresh."t", fresh.__fft_time, fresh.__fft_updated, false as __fft_deleted, 1 as __fft_kind from fresh
union all
select old."id", old."v", old."t", old."valid_to", old."valid_to", false, 0 from (select * from old where "valid_to" is not null) as old where not exists (select 1 from old as later where old."id" = later."id" and later."valid_from" = old."valid_to")
union all
select closing."id", closing."v", closing."t", timestamp '2024-02-03 04:05:06', timestamp '2024-02-03 04:05:06', true, 1 from closing
union all
select revived."id", revived."v", revived."t", timestamp '2024-02-03 04:05:06', revived.__fft_updated, false, 1 from revived
),
compared_events as (
select *, case when __fft_kind = 1 and not __fft_deleted and lag(__fft_kind) over (partition by "id" order by __fft_time, __fft_kind) = 1 and not lag(__fft_deleted) over (partition by "id" order by __fft_time, __fft_kind) and lag("v") over (partition by "id" order by __fft_time, __fft_kind) is not distinct from "v" then 1 else 0 end as __fft_same from events
),
ordered as (
select *, lead(__fft_time) over (partition by "id" order by __fft_time, __fft_kind) as __fft_next from compared_events where __fft_same = 0
),
versions as (
select "id", "v", "t", __fft_time as "valid_from", __fft_next as "valid_to", __fft_next is null as "is_current", __fft_deleted as "is_deleted" from ordered where __fft_kind = 1
)
select versions.*, case when old."valid_from" is null then 'insert' else 'update' end as __fft_action from versions left join old on versions."id" = old."id" and old."valid_from" = versions."valid_from" where old."valid_from" is null or not (old."v" is not distinct from versions."v" and old."t" is not distinct from versions."t" and old."valid_to" is not distinct from versions."valid_to" and old."is_current" is not distinct from versions."is_current" and old."is_deleted" is not distinct from versions."is_deleted")
union all
select old."id", old."v", old."t", old."valid_from", old."valid_to", old."is_current", old."is_deleted", 'delete' as __fft_action from old where not exists (select 1 from versions where versions."id" = old."id" and old."valid_from" = versions."valid_from");

-- apply: delete versions that are none, counts deleted
delete from "main"."m" as target using "temp"."main"."__fft_changed_0123abcd_0" as delta where target."id" = delta."id" and target."valid_from" = delta."valid_from" and delta.__fft_action = 'delete';

-- apply: delete the versions to update, counts updated
delete from "main"."m" as target using "temp"."main"."__fft_changed_0123abcd_0" as delta where target."id" = delta."id" and target."valid_from" = delta."valid_from" and delta.__fft_action = 'update';

-- apply: insert versions that are new or differ, counts written
insert into "main"."m" ("id", "v", "t", "valid_from", "valid_to", "is_current", "is_deleted") select "id", "v", "t", "valid_from", "valid_to", "is_current", "is_deleted" from "temp"."main"."__fft_changed_0123abcd_0" where __fft_action <> 'delete';

-- apply: drop what was found
drop table "temp"."main"."__fft_changed_0123abcd_0";

-- publish: create the view
create or replace view "main"."m__current" as (
select "id", "v", "t", "valid_from", "valid_to", "is_current", "is_deleted" from "main"."m" where "valid_to" is null and not "is_deleted"
);

-- publish: create the view
create or replace view "main"."m__history" as (
select "id", "v", "t", "valid_from", __fft_end as "valid_to", __fft_end is null as "is_current", "is_deleted" from (select *, last_value("valid_to") over (partition by "id", __fft_group order by "valid_from" rows between unbounded preceding and unbounded following) as __fft_end from (select *, sum(__fft_first) over (partition by "id" order by "valid_from" rows unbounded preceding) as __fft_group from (select *, case when lag("valid_to") over (partition by "id" order by "valid_from") = "valid_from" and lag("v") over (partition by "id" order by "valid_from") is not distinct from "v" and lag("t") over (partition by "id" order by "valid_from") is not distinct from "t" and lag("is_deleted") over (partition by "id" order by "valid_from") is not distinct from "is_deleted" then 0 else 1 end as __fft_first from "main"."m") as marked) as grouped) as ended where __fft_first = 1
);

-- clean: drop the staged delta
drop table if exists "temp"."main"."__fft_stage_0123abcd_0";

commit;
