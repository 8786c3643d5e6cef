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

-- chooses: see whether rows are below the watermark of t
select case when exists (select 1 from "temp"."main"."__fft_stage_0123abcd_0" as delta where delta."t" < timestamp '2024-01-02 03:04:05.678901') then 'true' else 'false' end;

-- when 'true'
-- check: count late rows, counts late
select count(*) as rows_affected from "temp"."main"."__fft_stage_0123abcd_0" as delta where delta."t" < timestamp '2024-01-02 03:04:05.678901' and not exists (select 1 from "main"."m" as target where delta."id" = target."id" and ((delta."v" is not distinct from target."v")));

-- end of 'true'

-- record: record the watermark
insert into "_fft"."watermarks"
with marks as (select 't' as column_name, cast(greatest((select max("t") from "temp"."main"."__fft_stage_0123abcd_0"), timestamp '2024-01-02 03:04:05.678901') as varchar) as value),
newest as (select column_name, value, action, version from "_fft"."watermarks" where relation = 'main.m' qualify version = max(version) over ())
select 'main.m', (select coalesce(max(version), 0) + 1 from newest), 'm', column_name, value, 'run-1', 'run', '2024-02-03T04:05:06.000Z' from marks where exists (select 1 from marks as mark left join newest using (column_name) where newest.value is distinct from mark.value);

-- apply: count the rows
create temp table "temp"."main"."__fft_before_0123abcd_0" as select count(*) as n from "main"."m";

-- apply: update rows that differ, insert new ones, counts filled
merge into "main"."m" as target using "temp"."main"."__fft_stage_0123abcd_0" as delta on delta."id" = target."id" when matched and not (delta."v" is not distinct from target."v") then update set "v" = delta."v" when not matched then insert ("id", "v", "t") values (delta."id", delta."v", delta."t");

-- apply: tell the new rows from the others, counts written
select (select count(*) from "main"."m") - (select n from "temp"."main"."__fft_before_0123abcd_0") as rows_affected, -((select count(*) from "main"."m") - (select n from "temp"."main"."__fft_before_0123abcd_0")) as filled;

-- apply: drop the count
drop table "temp"."main"."__fft_before_0123abcd_0";

-- clean: drop the staged delta
drop table if exists "temp"."main"."__fft_stage_0123abcd_0";

commit;
