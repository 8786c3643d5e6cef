-- before all
-- prepare: create schema _fft
create schema if not exists `_fft`;

-- prepare: create the watermarks table
create table if not exists `_fft`.`watermarks` (relation string, version bigint, model string, column_name string, value string, run_id string, action string, recorded_at string) using delta;

-- model.lab.m: apply incremental append, the delta is the body with is_incremental()
-- stage: stage the delta, counts staged
create or replace table `lab`.`__fft_stage_0123abcd_0` using delta tblproperties ('delta.columnMapping.mode' = 'name') as select * from (
select id, v, t from `raw`.`src` where t > (select max(t) from `lab`.`m`)
) as delta;

set `spark.databricks.delta.commitInfo.userMetadata`=`{"fft":1,"run":"run-1","model":"m","action":"run","at":"2024-02-03T04:05:06.000Z","watermarks":{}}`;
-- apply: insert the rows that are not there, counts written
insert into `lab`.`m` (`id`, `v`, `t`)
select `id`, `v`, `t` from `lab`.`__fft_stage_0123abcd_0`;

reset spark.databricks.delta.commitInfo.userMetadata;

-- clean: drop the staged delta
drop table if exists `lab`.`__fft_stage_0123abcd_0`;
