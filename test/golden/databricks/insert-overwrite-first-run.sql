-- before all
-- prepare: create schema lab
create schema if not exists `lab`;

-- prepare: create schema _fft
create schema if not exists `_fft`;

-- prepare: create the watermarks table
create table if not exists `_fft`.`watermarks` (relation string, version bigint, model string, column_name string, value string, run_id string, action string, recorded_at string) using delta;

-- model.lab.m: create incremental insert_overwrite, first run: every row of the full SELECT
-- stage: build the table aside, counts staged
create or replace table `lab`.`__fft_aside_0123abcd_0` using delta tblproperties ('delta.columnMapping.mode' = 'name') as select * from (
select id, v, t from `raw`.`src`
) as built;

set `spark.databricks.delta.commitInfo.userMetadata`=`{"fft":1,"run":"run-1","model":"m","action":"forget","at":"2024-02-03T04:05:06.000Z","watermarks":{}}`;
-- publish: put it in place
create or replace table `lab`.`m` using delta as select * from `lab`.`__fft_aside_0123abcd_0`;

reset spark.databricks.delta.commitInfo.userMetadata;

-- clean: drop table __fft_aside_0123abcd_0
drop table if exists `lab`.`__fft_aside_0123abcd_0`;
