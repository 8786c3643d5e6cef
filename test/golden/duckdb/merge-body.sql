-- before all
-- prepare: create schema _fft
create schema if not exists "_fft";

-- prepare: create the runs table
create table if not exists "_fft"."runs" (run_id varchar, command varchar, environment varchar, fft_version varchar, status varchar, started_at varchar, finished_at varchar);

-- prepare: create the node_runs table
create table if not exists "_fft"."node_runs" (run_id varchar, relation varchar not null, model varchar, status varchar, started_at varchar, milliseconds bigint, inserted bigint, updated bigint, deleted bigint, unchanged bigint, late bigint, duplicates bigint);

-- model.lab.m: apply incremental merge, the delta is the body with is_incremental()
begin;

-- stage: stage the delta, counts staged
create temp table "temp"."main"."__fft_stage_0123abcd_0" as select * from (
select id, v, t from "raw"."src" where t > (select max(t) from "main"."m")
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

-- record: record the watermark
insert into "_fft"."watermarks"
with marks as (select 't' as column_name, cast(greatest((select max("t") from "temp"."main"."__fft_stage_0123abcd_0"), timestamp '2024-01-02 03:04:05.678901') as varchar) as value),
newest as (select column_name, value, action, version from "_fft"."watermarks" where relation = 'main.m' qualify version = max(version) over ())
select 'main.m', (select coalesce(max(version), 0) + 1 from newest), 'm', column_name, value, 'run-1', 'run', '2024-02-03T04:05:06.000Z' from marks where exists (select 1 from marks as mark left join newest using (column_name) where newest.value is distinct from mark.value);

-- chooses: see whether the delta has rows that are not newer than the table by t
select exists (select 1 from "main"."m" as target where target."t" >= (select min("t") from "temp"."main"."__fft_stage_0123abcd_0"));

-- when 'true'
-- apply: leave out rows that are equal or older, counts unchanged
delete from "temp"."main"."__fft_stage_0123abcd_0" as delta using "main"."m" as target where delta."id" = target."id" and target."t" >= (select min("t") from "temp"."main"."__fft_stage_0123abcd_0") and (target."t" > delta."t" or target."t" = delta."t" and (delta."v" is not distinct from target."v"));

-- end of 'true'

-- chooses: see whether the delta has rows without t
select exists (select 1 from "temp"."main"."__fft_stage_0123abcd_0" where "t" is null);

-- when 'true'
-- apply: leave out rows that are equal or older (no t), counts unchanged
delete from "temp"."main"."__fft_stage_0123abcd_0" as delta using "main"."m" as target where delta."id" = target."id" and delta."t" is null and (target."t" is not null or (delta."v" is not distinct from target."v"));

-- end of 'true'

-- apply: count late rows, counts late
select count(*) as rows_affected from "temp"."main"."__fft_stage_0123abcd_0" where "t" < timestamp '2024-01-02 03:04:05.678901';

-- apply: delete the rows to update, counts updated
delete from "main"."m" as target using "temp"."main"."__fft_stage_0123abcd_0" as delta where delta."id" = target."id";

-- apply: insert the delta, counts written
insert into "main"."m" ("id", "v", "t") select "id", "v", "t" from "temp"."main"."__fft_stage_0123abcd_0";

-- clean: drop the staged delta
drop table if exists "temp"."main"."__fft_stage_0123abcd_0";

commit;
