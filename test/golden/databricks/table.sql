-- model.lab.m: replace table, tables are built anew
begin;

-- publish: build the table, counts staged
create or replace table `lab`.`m` using delta as select * from (
select id, v, t from `raw`.`src`
) as built;

commit;
