/** Kong's only workspace, as log entries name it; without a database this is its id in every Kong, and in every gateway of ours. */
export const WORKSPACE = {
  workspace: '0dc6f45b-8f8d-40d2-a504-473544ee190b',
  workspace_name: 'default',
} as const
