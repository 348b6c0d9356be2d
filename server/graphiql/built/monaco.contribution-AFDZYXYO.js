import{a,b}from"./chunk-WFJBOKWZ.js";import"./chunk-YSL4D2TI.js";import"./chunk-EUMZCYEJ.js";import"./chunk-ZTYHRALF.js";export{b as getWorker,a as jsonDefaults};
