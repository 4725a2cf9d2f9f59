/* The Idempotency-Key of something that must not be done twice, for a form that may be sent again. */
import { useRef } from 'preact/hooks';

import { newKey, Problem } from './api';

export interface Once {
	readonly key: string;
	done(): void;
	failed(why: unknown): void;
}

/* One key until it is known that all was done or nothing: when an answer is lost, or a proxy or the hub failed on the way, it may be
 * done already, and the same key asks for its outcome. What was refused may be sent changed, which is another thing. */
export function useOnce(): Once {
	const key = useRef('');
	key.current ||= newKey();
	return {
		get key() {
			return key.current;
		},
		done() {
			key.current = newKey();
		},
		failed(why) {
			if (!(why instanceof Problem) || (why.status >= 400 && why.status < 500))
				key.current = newKey();
		},
	};
}
