-- model.lab.m: apply incremental append, rows with t from 2024-01-02 03:04:05.678901 on, with no lookback: older ones are not looked at
-- stage: stage the delta, counts staged
create or replace table `lab`.`__fft_stage_0123abcd_0` using delta tblproperties ('delta.columnMapping.mode' = 'name') as select * from (
select * from (
select id, v, t from `raw`.`src`
) as delta where `t` >= timestamp '2024-01-02 03:04:05.678901' or `t` is null
) as delta;

-- schema: add column new
alter table `lab`.`m` add columns (`new` double);

-- chooses: see whether rows are below the watermark of t
select case when exists (select 1 from `lab`.`__fft_stage_0123abcd_0` as delta where delta.`t` < timestamp '2024-01-02 03:04:05.678901') then 'true' else 'false' end;

-- when 'true'
-- check: count late rows, counts late
select count(*) as num_affected_rows from `lab`.`__fft_stage_0123abcd_0` as delta where delta.`t` < timestamp '2024-01-02 03:04:05.678901' and not exists (select 1 from `lab`.`m` as target where ((delta.`id` <=> target.`id` and delta.`v` <=> target.`v` and delta.`t` <=> target.`t`)));

-- end of 'true'

-- asks: read the watermarks of the staged rows
select cast(greatest((select max(`t`) from `lab`.`__fft_stage_0123abcd_0`), timestamp '2024-01-02 03:04:05.678901') as string) as v0;

set `spark.databricks.delta.commitInfo.userMetadata`=`{"fft":1,"run":"run-1","model":"m","action":"run","at":"2024-02-03T04:05:06.000Z","watermarks":{"t":null}}`;
-- apply: insert the rows that are not there, counts written
insert into `lab`.`m` (`id`, `v`, `t`, `new`)
select `id`, `v`, `t`, `new` from (select *, `id` as `__fft_c0`, `v` as `__fft_c1`, `t` as `__fft_c2`, row_number() over (partition by `id`, `v`, `t` order by `id`, `v`, `t`) as `__fft_number` from `lab`.`__fft_stage_0123abcd_0`) as delta left anti join (select `id` as `__fft_c0`, `v` as `__fft_c1`, `t` as `__fft_c2`, count(*) as `__fft_number` from `lab`.`m` where `t` >= timestamp '2024-01-02 03:04:05.678901' or `t` is null group by `id`, `v`, `t`) as target on delta.`__fft_c0` <=> target.`__fft_c0` and delta.`__fft_c1` <=> target.`__fft_c1` and delta.`__fft_c2` <=> target.`__fft_c2` and delta.`__fft_number` <= target.`__fft_number`;

reset spark.databricks.delta.commitInfo.userMetadata;

-- record_later: [{"column":"t","value":{"kind":"text","text":null}}]

-- clean: drop the staged delta
drop table if exists `lab`.`__fft_stage_0123abcd_0`;
