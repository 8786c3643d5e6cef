-- before all
-- prepare: create schema _fft
create schema if not exists "_fft";

-- prepare: create the watermarks table
create table if not exists "_fft"."watermarks" (relation varchar not null, version bigint not null, model varchar, column_name varchar not null, value varchar, run_id varchar, action varchar not null, recorded_at varchar not null);

-- prepare: create the runs table
create table if not exists "_fft"."runs" (run_id varchar, command varchar, environment varchar, fft_version varchar, status varchar, started_at varchar, finished_at varchar);

-- prepare: create the node_runs table
create table if not exists "_fft"."node_runs" (run_id varchar, relation varchar not null, model varchar, status varchar, started_at varchar, milliseconds bigint, inserted bigint, updated bigint, deleted bigint, unchanged bigint, late bigint, duplicates bigint);

-- model.lab.m: apply incremental append, the delta is the body with is_incremental()
begin;

-- stage: stage the delta, counts staged
create temp table "temp"."main"."__fft_stage_0123abcd_0" as select * from (
select id, v, t from "raw"."src" where t > (select max(t) from "main"."m")
) as delta;

-- apply: insert the delta, counts written
insert into "main"."m" ("id", "v", "t") select "id", "v", "t" from "temp"."main"."__fft_stage_0123abcd_0";

-- clean: drop the staged delta
drop table if exists "temp"."main"."__fft_stage_0123abcd_0";

commit;
