import { render } from "preact";

const place = document.getElementById("console");
if (place === null) throw new Error("index.html has no element #console");
render(<main />, place);
