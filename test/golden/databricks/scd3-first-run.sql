-- before all
-- prepare: create schema lab
create schema if not exists `lab`;

-- prepare: create schema _fft
create schema if not exists `_fft`;

-- prepare: create the watermarks table
create table if not exists `_fft`.`watermarks` (relation string, version bigint, model string, column_name string, value string, run_id string, action string, recorded_at string) using delta;

-- model.lab.m: create incremental scd3, first run: every row of the full SELECT
-- stage: build the table aside, counts staged
create or replace table `lab`.`__fft_aside_0123abcd_0` using delta tblproperties ('delta.columnMapping.mode' = 'name') as select * from (
select id, v, t from `raw`.`src`
) as built;

-- chooses: check the key id
select case when count_if(`id` is null) > 0 then 'null_keys' when count(*) > count(distinct struct(`id`)) then 'duplicates' else 'unique' end from `lab`.`__fft_aside_0123abcd_0`;

-- when 'null_keys'
-- expects no rows, else null-key: show rows without a key
select * from `lab`.`__fft_aside_0123abcd_0` where `id` is null limit 5;

-- end of 'null_keys'

-- when 'duplicates'
-- check: collapse equal rows, counts duplicates
select count(*) - count(distinct struct(`id`, `v`, `t`)) as num_affected_rows from `lab`.`__fft_aside_0123abcd_0`;
create or replace table `lab`.`__fft_aside_0123abcd_0` using delta tblproperties ('delta.columnMapping.mode' = 'name') as select * except (`__fft_number`) from (select *, row_number() over (partition by `id`, `v`, `t` order by `id`, `v`, `t`) as `__fft_number` from `lab`.`__fft_aside_0123abcd_0`) where `__fft_number` = 1;

-- expects no rows, else duplicate-key: show keys without a newest row
select * except (`__fft_number`) from (select *, count(*) over (partition by `id`) as `__fft_number` from (select * except (`__fft_rank`) from (select *, rank() over (partition by `id` order by `t` desc nulls last) as `__fft_rank` from `lab`.`__fft_aside_0123abcd_0`) where `__fft_rank` = 1)) where `__fft_number` > 1 order by `id` limit 10;

-- check: keep the newest row a key by t, counts duplicates
select count(*) - count(distinct struct(`id`)) as num_affected_rows from `lab`.`__fft_aside_0123abcd_0`;
create or replace table `lab`.`__fft_aside_0123abcd_0` using delta tblproperties ('delta.columnMapping.mode' = 'name') as select * except (`__fft_number`) from (select *, row_number() over (partition by `id` order by `t` desc nulls last) as `__fft_number` from `lab`.`__fft_aside_0123abcd_0`) where `__fft_number` = 1;

-- end of 'duplicates'

-- schema: add column old_v
alter table `lab`.`__fft_aside_0123abcd_0` add columns (`old_v` string);

-- asks: read the watermarks of the staged rows
select cast((select max(`t`) from `lab`.`__fft_aside_0123abcd_0`) as string) as v0;

set `spark.databricks.delta.commitInfo.userMetadata`=`{"fft":1,"run":"run-1","model":"m","action":"full_refresh","at":"2024-02-03T04:05:06.000Z","watermarks":{"t":null}}`;
-- publish: put it in place
create or replace table `lab`.`m` using delta as select * from `lab`.`__fft_aside_0123abcd_0`;

reset spark.databricks.delta.commitInfo.userMetadata;

-- record_later: [{"column":"t","value":{"kind":"text","text":null}}]

-- clean: drop table __fft_aside_0123abcd_0
drop table if exists `lab`.`__fft_aside_0123abcd_0`;
