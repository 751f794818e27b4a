import type { RoleId } from './state.js';

/** What a role is for and what it may do; the built-in nine, more may come from a workspace. */
export interface RosterRecord {
  readonly role: RoleId;
  readonly isPublic: boolean;
  readonly duty: string;
  /** May change files of the checkout. */
  readonly mayWriteProject: boolean;
  /** May write the sprint's authored documents and propose backlog items. */
  readonly mayPlan: boolean;
  /** May ask for control actions in answer to a person's request. */
  readonly mayControl: boolean;
}

/** The built-in roster. */
export const roster: readonly RosterRecord[] = [
  {
    role: 'orchestrator',
    isPublic: true,
    duty: 'takes requests and hands them on',
    mayWriteProject: false,
    mayPlan: false,
    mayControl: true,
  },
  {
    role: 'planner',
    isPublic: true,
    duty: 'turns requests and milestones into backlog items and specifications',
    mayWriteProject: false,
    mayPlan: true,
    mayControl: false,
  },
  {
    role: 'designer',
    isPublic: true,
    duty: 'advises on user flow, order of information and readability',
    mayWriteProject: false,
    mayPlan: false,
    mayControl: false,
  },
  { role: 'architect', isPublic: true, duty: 'guides the build and reviews it', mayWriteProject: false, mayPlan: false, mayControl: false },
  { role: 'developer', isPublic: true, duty: 'builds and revises', mayWriteProject: true, mayPlan: false, mayControl: false },
  {
    role: 'qa',
    isPublic: true,
    duty: 'validates against the acceptance criteria with evidence',
    mayWriteProject: false,
    mayPlan: false,
    mayControl: false,
  },
  { role: 'parser', isPublic: false, duty: 'classifies messages', mayWriteProject: false, mayPlan: false, mayControl: false },
  { role: 'sourcer', isPublic: false, duty: 'finds candidates for the backlog', mayWriteProject: false, mayPlan: false, mayControl: false },
  {
    role: 'version_controller',
    isPublic: false,
    duty: 'proposes the message of a commit',
    mayWriteProject: false,
    mayPlan: false,
    mayControl: false,
  },
];

/** The record of a role, or undefined for one that this workspace does not know. */
export const findRole = (role: RoleId): RosterRecord | undefined => roster.find((record) => record.role === role);
