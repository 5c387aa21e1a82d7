/** Kong's only workspace, as log entries name it; every gateway of ours has this id. */
export const WORKSPACE = {
  workspace: '00000000-0000-0000-0000-000000000000',
  workspace_name: 'default',
} as const
