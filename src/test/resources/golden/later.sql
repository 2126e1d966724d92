-- What becomes of some of them.

select public.acknowledge_vantage_incident(i.incident_id, 'Ada <b>', 'The source is down')
from public.vantage_incident i
where i.resource = 'due';

update public.vantage_sync_state
set last_sync_status = 'success', completed_at = pg_temp.at(5), last_sync_time = pg_temp.at(5), errors = '[]'
where resource = 'failed';
update public.vantage_sync_state
set last_sync_status = 'failed', started_at = pg_temp.at(20), completed_at = pg_temp.at(15), errors = '[{"code": "E8", "message": "No answer within 30 s"}]'
where resource = 'slow';
delete from public.vantage_sync_state where resource = 'stuck';
