-- before all
-- prepare: create schema _fft
create schema if not exists `_fft`;

-- prepare: create the watermarks table
create table if not exists `_fft`.`watermarks` (relation string, version bigint, model string, column_name string, value string, run_id string, action string, recorded_at string) using delta;

-- model.lab.m: apply incremental snapshot_date, the whole SELECT is the delta (right, but it reads everything)
-- stage: stage the delta, counts staged
create or replace table `lab`.`__fft_stage_0123abcd_0` using delta tblproperties ('delta.columnMapping.mode' = 'name') as select * from (
select id, v, t from `raw`.`src`
) as delta;

-- expects no rows, else not-one-date: see that all rows have one t
select count(distinct `t`) as different_values, min(`t`) as smallest, max(`t`) as largest, count(*) - count(`t`) as nulls from `lab`.`__fft_stage_0123abcd_0` having count(distinct `t`) <> 1 or count(*) <> count(`t`);

set `spark.databricks.delta.commitInfo.userMetadata`=`{"fft":1,"run":"run-1","model":"m","action":"run","at":"2024-02-03T04:05:06.000Z","watermarks":{}}`;
-- apply: count the rows that take the place of others, counts written
with present as (select `__fft_c0`, `__fft_c1`, `__fft_c2`, first(`__fft_k0`) as `__fft_k0`, count(*) as `__fft_there` from (select `id` as `__fft_c0`, `v` as `__fft_c1`, `t` as `__fft_c2`, `t` as `__fft_k0` from `lab`.`m` as target left semi join `lab`.`__fft_stage_0123abcd_0` as delta on target.`t` <=> delta.`t`) group by `__fft_c0`, `__fft_c1`, `__fft_c2`),
fresh as (select counted.*, coalesce(present.`__fft_there`, 0) as `__fft_there` from (select *, row_number() over (partition by `__fft_c0`, `__fft_c1`, `__fft_c2` order by `__fft_c0`, `__fft_c1`, `__fft_c2`) as `__fft_number`, count(*) over (partition by `__fft_c0`, `__fft_c1`, `__fft_c2`) as `__fft_copies` from (select *, `id` as `__fft_c0`, `v` as `__fft_c1`, `t` as `__fft_c2` from `lab`.`__fft_stage_0123abcd_0`)) as counted left join present on counted.`__fft_c0` <=> present.`__fft_c0` and counted.`__fft_c1` <=> present.`__fft_c1` and counted.`__fft_c2` <=> present.`__fft_c2`),
removed as (select present.*, coalesce(counted.`__fft_copies`, 0) as `__fft_copies` from present left join (select `__fft_c0`, `__fft_c1`, `__fft_c2`, max(`__fft_copies`) as `__fft_copies` from fresh group by `__fft_c0`, `__fft_c1`, `__fft_c2`) as counted on counted.`__fft_c0` <=> present.`__fft_c0` and counted.`__fft_c1` <=> present.`__fft_c1` and counted.`__fft_c2` <=> present.`__fft_c2` where coalesce(counted.`__fft_copies`, 0) < present.`__fft_there`)
select -(pairs + back) as num_inserted_rows, pairs as num_updated_rows, -(pairs + back) as num_deleted_rows from (select coalesce(sum(pairs), 0) as pairs from (select least(sum(added), sum(gone)) as pairs from (select delta.`t` as `__fft_k0`, count(*) as added, 0 as gone from fresh as delta where delta.`__fft_number` > delta.`__fft_there` group by delta.`t` union all select `__fft_k0`, 0, sum(`__fft_there` - `__fft_copies`) from removed group by `__fft_k0`) group by `__fft_k0`)) cross join (select coalesce(sum(`__fft_copies`), 0) as back from removed);

-- apply: replace the rows of the keys that differ, counts written
merge into `lab`.`m` as target using (
with present as (select `__fft_c0`, `__fft_c1`, `__fft_c2`, first(`__fft_k0`) as `__fft_k0`, count(*) as `__fft_there` from (select `id` as `__fft_c0`, `v` as `__fft_c1`, `t` as `__fft_c2`, `t` as `__fft_k0` from `lab`.`m` as target left semi join `lab`.`__fft_stage_0123abcd_0` as delta on target.`t` <=> delta.`t`) group by `__fft_c0`, `__fft_c1`, `__fft_c2`),
fresh as (select counted.*, coalesce(present.`__fft_there`, 0) as `__fft_there` from (select *, row_number() over (partition by `__fft_c0`, `__fft_c1`, `__fft_c2` order by `__fft_c0`, `__fft_c1`, `__fft_c2`) as `__fft_number`, count(*) over (partition by `__fft_c0`, `__fft_c1`, `__fft_c2`) as `__fft_copies` from (select *, `id` as `__fft_c0`, `v` as `__fft_c1`, `t` as `__fft_c2` from `lab`.`__fft_stage_0123abcd_0`)) as counted left join present on counted.`__fft_c0` <=> present.`__fft_c0` and counted.`__fft_c1` <=> present.`__fft_c1` and counted.`__fft_c2` <=> present.`__fft_c2`),
removed as (select present.*, coalesce(counted.`__fft_copies`, 0) as `__fft_copies` from present left join (select `__fft_c0`, `__fft_c1`, `__fft_c2`, max(`__fft_copies`) as `__fft_copies` from fresh group by `__fft_c0`, `__fft_c1`, `__fft_c2`) as counted on counted.`__fft_c0` <=> present.`__fft_c0` and counted.`__fft_c1` <=> present.`__fft_c1` and counted.`__fft_c2` <=> present.`__fft_c2` where coalesce(counted.`__fft_copies`, 0) < present.`__fft_there`)
select 'delete' as `__fft_operation`, `__fft_c0`, `__fft_c1`, `__fft_c2`, cast(null as int) as `id`, cast(null as string) as `v`, cast(null as timestamp) as `t` from removed union all select 'insert', cast(null as int), cast(null as string), cast(null as timestamp), `id`, `v`, `t` from fresh as delta where delta.`__fft_number` > delta.`__fft_there` or delta.`__fft_copies` < delta.`__fft_there`
) as delta on delta.`__fft_operation` = 'delete' and target.`id` <=> delta.`__fft_c0` and target.`v` <=> delta.`__fft_c1` and target.`t` <=> delta.`__fft_c2`
when matched then delete
when not matched and delta.`__fft_operation` = 'insert' then insert (`id`, `v`, `t`) values (delta.`id`, delta.`v`, delta.`t`);

reset spark.databricks.delta.commitInfo.userMetadata;

-- clean: drop the staged delta
drop table if exists `lab`.`__fft_stage_0123abcd_0`;
