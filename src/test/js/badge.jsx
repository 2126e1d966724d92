// The badge of the original's guide, word for word but for the import of the client, and a page that shows one a resource.

import { useEffect, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { createClient } from '@supabase/supabase-js';

const parameters = new URLSearchParams(location.search);
const supabase = createClient(parameters.get('url'), parameters.get('key'));

function SyncStatusBadge({ resource }) {
  const [state, setState] = useState(null);

  useEffect(() => {
    async function loadStatus() {
      const { data } = await supabase
        .from('vantage_sync_state')
        .select('last_sync_status, last_sync_time, duration_ms')
        .eq('resource', resource)
        .single();
      setState(data);
    }
    loadStatus();
  }, [resource]);

  if (!state) return <span>Loading...</span>;

  const statusColors = {
    success: 'green',
    failed: 'red',
    running: 'yellow',
    never_run: 'gray'
  };

  const timeSince = state.last_sync_time
    ? Math.round((Date.now() - new Date(state.last_sync_time).getTime()) / 1000 / 60)
    : null;

  return (
    <div className={`badge badge-${statusColors[state.last_sync_status]}`}>
      {state.last_sync_status === 'success' && (
        <>✅ Synced {timeSince} min ago ({state.duration_ms}ms)</>
      )}
      {state.last_sync_status === 'failed' && (
        <>❌ Failed</>
      )}
      {state.last_sync_status === 'running' && (
        <>⏳ Running...</>
      )}
      {state.last_sync_status === 'never_run' && (
        <>⚪ Not synced yet</>
      )}
    </div>
  );
}

createRoot(document.getElementById('badges')).render(
  ['accounts', 'funds', 'prices', 'cashflows'].map(resource =>
    <div id={resource} key={resource}><SyncStatusBadge resource={resource} /></div>));
