-- before all
-- prepare: create schema lab
create schema if not exists `lab`;

-- model.lab.m: create view, first run
begin;

-- publish: create the view
create or replace view `lab`.`m` as (
select id, v, t from `raw`.`src`
);

commit;
