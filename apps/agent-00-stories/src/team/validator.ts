import type { KnownFiles } from '@cascade/bmad';
import type { Participant } from '../chat/group-chat.js';
import { currentFindings, findingsText } from './team-findings.js';

/** The rules as a member of the chat: no model, always the same findings for the same version. */
export function validator(files: KnownFiles): Participant {
  return {
    speak(state) {
      const turn = currentFindings(state, files);
      return Promise.resolve({ content: findingsText(turn), turn });
    },
  };
}
