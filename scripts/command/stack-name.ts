/** The stack's name, and that of its template in the cloud assembly. */
export const STACK_NAME = "SmarthomeScenes";
