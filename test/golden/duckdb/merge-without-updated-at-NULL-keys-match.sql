-- before all
-- prepare: create schema _fft
create schema if not exists "_fft";

-- prepare: create the watermarks table
create table if not exists "_fft"."watermarks" (relation varchar not null, version bigint not null, model varchar, column_name varchar not null, value varchar, run_id varchar, action varchar not null, recorded_at varchar not null);

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

-- chooses: check the key id, v
select case when count(*) > count(distinct ("id", "v")) then 'duplicates' else 'unique' end from "temp"."main"."__fft_stage_0123abcd_0";

-- when 'null_keys'
-- expects no rows, else null-key: show rows without a key
select * from "temp"."main"."__fft_stage_0123abcd_0" where "id" is null or "v" is null limit 5;

-- end of 'null_keys'

-- when 'duplicates'
-- check: collapse equal rows, counts duplicates
delete from "temp"."main"."__fft_stage_0123abcd_0" where rowid not in (select min(rowid) from "temp"."main"."__fft_stage_0123abcd_0" group by "id", "v", "t");

-- expects no rows, else duplicate-key: show duplicate keys
select * from "temp"."main"."__fft_stage_0123abcd_0" qualify count(*) over (partition by "id", "v") > 1 order by "id", "v" limit 10;

-- end of 'duplicates'

-- apply: find the rows of the keys
create temp table "temp"."main"."__fft_found_0123abcd_0" as select target.rowid as old, delta.rowid as new, (delta."t" is not distinct from target."t") as same from "main"."m" as target join "temp"."main"."__fft_stage_0123abcd_0" as delta on delta."id" is not distinct from target."id" and delta."v" is not distinct from target."v";

-- apply: leave out rows that are equal, counts unchanged
delete from "temp"."main"."__fft_stage_0123abcd_0" where rowid in (select new from "temp"."main"."__fft_found_0123abcd_0" where same);

-- apply: delete the rows to update, counts updated
delete from "main"."m" where rowid in (select old from "temp"."main"."__fft_found_0123abcd_0" where not same);

-- apply: insert the delta, counts written
insert into "main"."m" ("id", "v", "t") select "id", "v", "t" from "temp"."main"."__fft_stage_0123abcd_0";

-- apply: drop what was found
drop table "temp"."main"."__fft_found_0123abcd_0";

-- clean: drop the staged delta
drop table if exists "temp"."main"."__fft_stage_0123abcd_0";

commit;
