-- before all
-- prepare: create schema lab
create schema if not exists `lab`;

-- prepare: create schema _fft
create schema if not exists `_fft`;

-- prepare: create the watermarks table
create table if not exists `_fft`.`watermarks` (relation string, version bigint, model string, column_name string, value string, run_id string, action string, recorded_at string) using delta;

-- model.lab.m: create incremental scd2, first run: every row of the full SELECT
-- stage: stage the delta, counts staged
create or replace table `lab`.`__fft_stage_0123abcd_0` using delta tblproperties ('delta.columnMapping.mode' = 'name') as select * from (
select id, v, t from `raw`.`src`
) as delta;

-- expects no rows, else null-updated-at: see that no row lacks t
select * from `lab`.`__fft_stage_0123abcd_0` as delta where not coalesce((delta.`t` is not null), false) limit 5;

-- chooses: check the key id
select case when count_if(`id` is null) > 0 then 'null_keys' when count(*) > count(distinct struct(`id`, `t`)) then 'duplicates' else 'unique' end from `lab`.`__fft_stage_0123abcd_0`;

-- when 'null_keys'
-- expects no rows, else null-key: show rows without a key
select * from `lab`.`__fft_stage_0123abcd_0` where `id` is null limit 5;

-- end of 'null_keys'

-- when 'duplicates'
-- check: collapse equal rows, counts duplicates
select count(*) - count(distinct struct(`id`, `v`, `t`)) as num_affected_rows from `lab`.`__fft_stage_0123abcd_0`;
create or replace table `lab`.`__fft_stage_0123abcd_0` using delta tblproperties ('delta.columnMapping.mode' = 'name') as select * except (`__fft_number`) from (select *, row_number() over (partition by `id`, `v`, `t` order by `id`, `v`, `t`) as `__fft_number` from `lab`.`__fft_stage_0123abcd_0`) where `__fft_number` = 1;

-- expects no rows, else duplicate-key: show keys without a newest row
select * except (`__fft_number`) from (select *, count(*) over (partition by `id`, `t`) as `__fft_number` from (select * except (`__fft_rank`) from (select *, rank() over (partition by `id`, `t` order by `t` desc nulls last) as `__fft_rank` from `lab`.`__fft_stage_0123abcd_0`) where `__fft_rank` = 1)) where `__fft_number` > 1 order by `id` limit 10;

-- check: keep the newest row a key by t, counts duplicates
select count(*) - count(distinct struct(`id`, `t`)) as num_affected_rows from `lab`.`__fft_stage_0123abcd_0`;
create or replace table `lab`.`__fft_stage_0123abcd_0` using delta tblproperties ('delta.columnMapping.mode' = 'name') as select * except (`__fft_number`) from (select *, row_number() over (partition by `id`, `t` order by `t` desc nulls last) as `__fft_number` from `lab`.`__fft_stage_0123abcd_0`) where `__fft_number` = 1;

-- end of 'duplicates'

-- asks: read the watermarks of the staged rows
select cast((select max(`t`) from `lab`.`__fft_stage_0123abcd_0`) as string) as v0;

set `spark.databricks.delta.commitInfo.userMetadata`=`{"fft":1,"run":"run-1","model":"m","action":"full_refresh","at":"2024-02-03T04:05:06.000Z","watermarks":{"t":null}}`;
-- stage: build the table aside, counts written
create or replace table `lab`.`__fft_aside_0123abcd_0` using delta tblproperties ('delta.columnMapping.mode' = 'name') as select * from (
with incoming as (
select delta.*, delta.`t` as __fft_time, delta.`t` as __fft_updated from `lab`.`__fft_stage_0123abcd_0` as delta
),
events as (
select incoming.`id`, incoming.`v`, incoming.`t`, incoming.__fft_time, incoming.__fft_updated, false as __fft_deleted, 1 as __fft_kind from incoming
),
ordered as (
select *, lead(__fft_time) over (partition by `id` order by __fft_time, __fft_kind) as __fft_next from events
),
versions as (
select `id`, `v`, `t`, __fft_time as `valid_from`, __fft_next as `valid_to`, __fft_next is null as `is_current` from ordered where __fft_kind = 1
)
select * from versions
) as built;

-- clean: drop the staged delta
drop table if exists `lab`.`__fft_stage_0123abcd_0`;

-- publish: put it in place
create or replace table `lab`.`m` using delta as select * from `lab`.`__fft_aside_0123abcd_0`;

reset spark.databricks.delta.commitInfo.userMetadata;

-- record_later: [{"column":"t","value":{"kind":"text","text":null}}]

-- clean: drop table __fft_aside_0123abcd_0
drop table if exists `lab`.`__fft_aside_0123abcd_0`;
