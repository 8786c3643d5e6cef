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

-- model.lab.m: create incremental scd2, first run: every row of the full SELECT
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

-- record: record the watermark
insert into "_fft"."watermarks"
with marks as (select 't' as column_name, cast((select max("t") from "temp"."main"."__fft_stage_0123abcd_0") as varchar) as value),
newest as (select column_name, value, action, version from "_fft"."watermarks" where relation = 'main.m' qualify version = max(version) over ())
select 'main.m', (select coalesce(max(version), 0) + 1 from newest), 'm', column_name, value, 'run-1', 'full_refresh', '2024-02-03T04:05:06.000Z' from marks;

-- stage: build the table aside, counts written
create table "main"."__fft_aside_0123abcd_0" as select * from (
with incoming as (
select delta.*, delta."t" as __fft_time, delta."t" as __fft_updated from "temp"."main"."__fft_stage_0123abcd_0" as delta
),
events as (
select incoming."id", incoming."v", incoming."t", incoming.__fft_time, incoming.__fft_updated, false as __fft_deleted, 1 as __fft_kind from incoming
),
ordered as (
select *, lead(__fft_time) over (partition by "id" order by __fft_time, __fft_kind) as __fft_next from events
),
versions as (
select "id", "v", "t", __fft_time as "valid_from", __fft_next as "valid_to", __fft_next is null as "is_current" from ordered where __fft_kind = 1
)
select * from versions
) as built;

-- clean: drop the staged delta
drop table if exists "temp"."main"."__fft_stage_0123abcd_0";

-- publish: put it in place
alter table "main"."__fft_aside_0123abcd_0" rename to "m";

commit;
