-- before all
-- prepare: create schema _fft
create schema if not exists "_fft";

-- prepare: create the watermarks table
create table if not exists "_fft"."watermarks" (relation varchar not null, version bigint not null, model varchar, column_name varchar not null, value varchar, run_id varchar, action varchar not null, recorded_at varchar not null);

-- prepare: create the runs table
create table if not exists "_fft"."runs" (run_id varchar, command varchar, environment varchar, fft_version varchar, status varchar, started_at varchar, finished_at varchar);

-- prepare: create the node_runs table
create table if not exists "_fft"."node_runs" (run_id varchar, relation varchar not null, model varchar, status varchar, started_at varchar, milliseconds bigint, inserted bigint, updated bigint, deleted bigint, unchanged bigint, late bigint, duplicates bigint);

-- model.lab.m: apply incremental insert_overwrite, the whole SELECT is the delta (right, but it reads everything)
begin;

-- stage: stage the delta, counts staged
create temp table "temp"."main"."__fft_stage_0123abcd_0" as select * from (
select id, v, t from "raw"."src"
) as delta;

-- apply: find the old rows
create temp table "temp"."main"."__fft_old_0123abcd_0" as select target.rowid as "__fft_row", target."id", target."v", target."t" from "main"."m" as target semi join "temp"."main"."__fft_stage_0123abcd_0" as delta on delta."t" = target."t" and delta."v" = target."v"
union all select target.rowid as "__fft_row", target."id", target."v", target."t" from "main"."m" as target semi join (select * from "temp"."main"."__fft_stage_0123abcd_0" where "t" is null or "v" is null) as delta on delta."t" is not distinct from target."t" and delta."v" is not distinct from target."v" where target."t" is null or target."v" is null;

-- apply: find what differs
create temp table "temp"."main"."__fft_changed_0123abcd_0" as select "t", "v", sum(greatest("__fft_times", 0)) as "__fft_added", sum(greatest(-"__fft_times", 0)) as "__fft_removed" from (select "id", "v", "t", sum("__fft_times") as "__fft_times" from (select "id", "v", "t", 1 as "__fft_times" from "temp"."main"."__fft_stage_0123abcd_0" union all select "id", "v", "t", -1 from "temp"."main"."__fft_old_0123abcd_0") group by "id", "v", "t" having sum("__fft_times") <> 0) group by "t", "v";

-- apply: count new rows, those that go, and updates, counts written
select sum("__fft_added") as rows_affected, sum("__fft_removed") as replaced, sum(least("__fft_added", "__fft_removed")) as updated from "temp"."main"."__fft_changed_0123abcd_0";

-- apply: delete the old rows that differ
delete from "main"."m" where rowid in (select "__fft_row" from "temp"."main"."__fft_old_0123abcd_0" as old where exists (select 1 from "temp"."main"."__fft_changed_0123abcd_0" as changed where old."t" is not distinct from changed."t" and old."v" is not distinct from changed."v"));

-- apply: insert the new ones
insert into "main"."m" ("id", "v", "t") select "id", "v", "t" from "temp"."main"."__fft_stage_0123abcd_0" as delta where exists (select 1 from "temp"."main"."__fft_changed_0123abcd_0" as changed where delta."t" is not distinct from changed."t" and delta."v" is not distinct from changed."v");

-- apply: drop what was compared
drop table "temp"."main"."__fft_old_0123abcd_0";

-- apply: drop what was compared
drop table "temp"."main"."__fft_changed_0123abcd_0";

-- clean: drop the staged delta
drop table if exists "temp"."main"."__fft_stage_0123abcd_0";

commit;
