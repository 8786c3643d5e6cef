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

-- refused, schema-changed: the columns of the delta are not those of the table
  removed: v VARCHAR

-- clean: drop the staged delta
drop table if exists "temp"."main"."__fft_stage_0123abcd_0";

commit;
