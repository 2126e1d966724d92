select * from public.start_vantage_sync('r' || :client_id);
select * from public.fail_vantage_sync('r' || :client_id, '[{"code": "API_TIMEOUT", "message": "Request timed out after 30s"}]');
