-- before all
-- prepare: create schema _fft
create schema if not exists "_fft";

-- prepare: create the runs table
create table if not exists "_fft"."runs" (run_id varchar, command varchar, environment varchar, fft_version varchar, status varchar, started_at varchar, finished_at varchar);

-- prepare: create the node_runs table
create table if not exists "_fft"."node_runs" (run_id varchar, relation varchar not null, model varchar, status varchar, started_at varchar, milliseconds bigint, inserted bigint, updated bigint, deleted bigint, unchanged bigint, late bigint, duplicates bigint);

-- model.lab.m: apply incremental merge, the whole SELECT is the delta (right, but it reads everything)
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

-- expects no rows, else duplicate-key: show keys without a newest row
select * from (select * from "temp"."main"."__fft_stage_0123abcd_0" qualify rank() over (partition by "id" order by "t" desc nulls last) = 1) qualify count(*) over (partition by "id") > 1 order by "id" limit 10;

-- check: keep the newest row a key by t, counts duplicates
delete from "temp"."main"."__fft_stage_0123abcd_0" where rowid not in (select rowid from "temp"."main"."__fft_stage_0123abcd_0" qualify row_number() over (partition by "id" order by "t" desc nulls last, rowid) = 1);

-- end of 'duplicates'

-- expects no rows, else empty-delta: see that the SELECT has rows
select 0 as row_count from "main"."m" as target where not exists (select 1 from "temp"."main"."__fft_stage_0123abcd_0" as delta) limit 1;

-- record: record the watermark
insert into "_fft"."watermarks"
with marks as (select 't' as column_name, cast(greatest((select max("t") from "temp"."main"."__fft_stage_0123abcd_0"), timestamp '2024-01-02 03:04:05.678901') as varchar) as value),
newest as (select column_name, value, action, version from "_fft"."watermarks" where relation = 'main.m' qualify version = max(version) over ())
select 'main.m', (select coalesce(max(version), 0) + 1 from newest), 'm', column_name, value, 'run-1', 'run', '2024-02-03T04:05:06.000Z' from marks where exists (select 1 from marks as mark left join newest using (column_name) where newest.value is distinct from mark.value);

-- apply: find rows that are new, differ or are gone
create temp table "temp"."main"."__fft_changed_0123abcd_0" as select target.rowid as __fft_old, delta.rowid is null as __fft_gone, delta."id", delta."v", delta."t" from "main"."m" as target full join "temp"."main"."__fft_stage_0123abcd_0" as delta on delta."id" = target."id" where target.rowid is null or delta.rowid is null or not (delta."v" is not distinct from target."v" and delta."t" is not distinct from target."t");

-- apply: count late rows, counts late
select count(*) as rows_affected from "temp"."main"."__fft_changed_0123abcd_0" where "t" < timestamp '2024-01-02 03:04:05.678901' and not __fft_gone;

-- apply: delete rows whose key is gone, counts deleted
delete from "main"."m" where rowid in (select __fft_old from "temp"."main"."__fft_changed_0123abcd_0" where __fft_old is not null and __fft_gone);

-- apply: delete the rows to update, counts updated
delete from "main"."m" where rowid in (select __fft_old from "temp"."main"."__fft_changed_0123abcd_0" where __fft_old is not null and not __fft_gone);

-- apply: insert rows that are new or differ, counts written
insert into "main"."m" ("id", "v", "t") select "id", "v", "t" from "temp"."main"."__fft_changed_0123abcd_0" where not __fft_gone;

-- apply: drop what was found
drop table "temp"."main"."__fft_changed_0123abcd_0";

-- clean: drop the staged delta
drop table if exists "temp"."main"."__fft_stage_0123abcd_0";

commit;
