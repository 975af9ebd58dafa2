// Every page: htmx, the small page behaviours, and the elements of the frame.
import "./elements/bell";
import "./elements/prefs";
import "./elements/connection";
import "./elements/clock";
import { installDates } from "./elements/dates";
import { installPage } from "./elements/page";

import { keepDevice } from "./lib/holder";

keepDevice(); // first: it holds a sign-out back before the page takes the form for sent
installPage();
installDates();
