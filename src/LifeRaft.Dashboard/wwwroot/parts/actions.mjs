// What can be changed, where the host allows it.
import { html } from '../html.mjs';
import { model } from '../model.mjs';

export const GroupActions = () => null;
export const MemberActions = () => null;
export const SiloActions = () => null;
