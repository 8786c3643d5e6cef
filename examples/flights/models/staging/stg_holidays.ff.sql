select cast(holiday_date as date) as holiday_date, holiday
from {{ ref('us_holidays') }}
