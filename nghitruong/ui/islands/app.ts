// Every page: htmx, the small page behaviours, and the three elements of the frame.
import "./elements/prefs";
import "./elements/connection";
import "./elements/clock";
import { installPage } from "./elements/page";

installPage();
