// The kinds of events, in families that the feed can hide.
export const families = {
  leadership: 'Leadership',
  reach: 'Reachability',
  members: 'Members',
  nodes: 'Nodes',
  silos: 'Silos',
  snapshots: 'Snapshots',
  errors: 'Errors',
};

const kinds = {
  siloStarted: ['silos', 'active'],
  siloStopping: ['silos', 'drained'],
  siloDrained: ['silos', 'drained'],
  nodeOpened: ['nodes', 'event'],
  nodeEnded: ['nodes', 'stopped'],
  nodeFailed: ['errors', 'noQuorum'],
  leaderSilent: ['leadership', 'silent'],
  electionStarted: ['leadership', 'candidate'],
  leaderElected: ['leadership', 'leader'],
  leadershipEnded: ['leadership', 'stopped'],
  memberUnreachable: ['reach', 'degraded'],
  memberReachable: ['reach', 'healthy'],
  memberJoined: ['members', 'change'],
  memberLeft: ['members', 'stopped'],
  snapshotTaken: ['snapshots', 'event'],
  snapshotInstalled: ['snapshots', 'event'],
  error: ['errors', 'noQuorum'],
};

export const familyOf = kind => kinds[kind]?.[0] ?? 'errors';

export const shapeOf = kind => kinds[kind]?.[1] ?? 'event';
