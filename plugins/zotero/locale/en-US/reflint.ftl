# Texts of the Zotero plugin.

reflint-menu =
    .label = reflint
reflint-menu-items =
    .label = Check with reflint
reflint-menu-collection =
    .label = Check Collection with reflint
reflint-menu-library =
    .label = Check Whole Library
reflint-menu-undo =
    .label = Undo Last Repair…

reflint-section-header =
    .label = Findings
reflint-section-sidenav =
    .tooltiptext = Findings of reflint
reflint-section-unchecked = Not checked since it was last changed.
reflint-section-clean = Nothing found.
reflint-section-check = Check
reflint-section-repair = Preview Repairs…

reflint-checking = { $count ->
    [one] Checking one item
   *[other] Checking { $count } items
}

reflint-severity-error = Error:
reflint-severity-warning = Warning:
reflint-severity-info = Note:
reflint-safety-safe = safe
reflint-safety-unsafe = look at it first
reflint-safety-lookup = needs a look-up

reflint-review-title = reflint: findings
reflint-review-heading = { $findings ->
    [0] Nothing found in { $checked } checked items
    [one] One finding in { $checked } checked items
   *[other] { $findings } findings about { $items } of { $checked } items
}
reflint-review-chosen = { $count ->
    [0] No repair is chosen.
    [one] One repair is chosen.
   *[other] { $count } repairs are chosen.
}
reflint-review-safe = Choose All Safe
reflint-review-none = Choose None
reflint-review-more = Show More
reflint-review-preview = Preview Repairs
reflint-review-preparing = Preparing item { $done } of { $total }…
reflint-review-back = Back
reflint-review-undo = Undo
reflint-review-close = Close

reflint-preview-heading = { $changes ->
    [one] One change of one item
   *[other] { $changes } changes of { $items } items
}
reflint-preview-apply = { $changes ->
    [one] Apply One Change
   *[other] Apply { $changes } Changes
}
reflint-preview-nothing-yet = Nothing is written before you apply it.

reflint-applied-heading = { $count ->
    [0] Nothing was changed
    [one] One item was repaired
   *[other] { $count } items were repaired
}
reflint-undone-heading = { $count ->
    [0] Nothing was taken back
    [one] One item is as it was before
   *[other] { $count } items are as they were before
}
reflint-outcome-sync = Zotero’s next sync carries the changes to the server.
reflint-skipped-heading = { $count ->
    [one] Left alone
   *[other] Left alone: { $count }
}
reflint-undo-question = Take back the repair of { $when } ({ $count } items)?
reflint-undo-done = Taken back: { $reverted }. Left alone because they were changed since: { $skipped }.

reflint-skip-gone = It is not in the library any more.
reflint-skip-trashed = It is in the trash.
reflint-skip-read-only = The library cannot be edited.
reflint-skip-version = It was changed by a sync since it was checked; check it again.
reflint-skip-changed = “{ $field }” was changed since; check it again.
reflint-skip-type = Its item type would change; do that by hand.
reflint-skip-field = Items of its type have no field “{ $field }”.
reflint-skip-creator = Items of its type have no creators in the role “{ $role }”.
reflint-skip-kept-otherwise = Zotero would keep another value in “{ $field }”.
reflint-skip-findings = { $count ->
    [one] One finding is not there any more, or excludes another.
   *[other] { $count } findings are not there any more, or exclude each other.
}

reflint-fault-address = “{ $address }” is no address of this computer. It must be like http://127.0.0.1:27467.
reflint-fault-no-backend = Nothing answers at { $address }. Start it with “reflint serve”.
reflint-fault-not-reflint = What answers at { $address } is not a reflint that this plugin can speak to.
reflint-fault-no-token = No token is set. Name the file that “reflint serve” shows as token_file in the settings.
reflint-fault-token-file = The token file { $path } cannot be read. Is “reflint serve” running?
reflint-fault-token = The backend does not take the token. It has a new one after each start.
reflint-fault-busy = The backend is busy. Try again in a moment.
reflint-fault-refused = The backend refused ({ $status }): { $detail }
reflint-fault-job = The check failed: { $detail }
reflint-fault-cancelled = Cancelled.
reflint-fault-operation = The backend asked for something this plugin cannot do ({ $operation }). Nothing was changed.
reflint-fault-no-items = There is nothing here to check.
reflint-fault-rolled-back = Nothing was changed, because one item could not be saved: { $detail }
reflint-fault-journal = The record of repairs, { $path }, is damaged. Nothing was changed. Move it away to go on.
reflint-fault-no-batch = This repair is not on record any more.
reflint-fault-nothing-to-undo = There is no repair to take back.
reflint-fault-other = It did not work: { $detail }

reflint-preferences-backend = Backend
reflint-preferences-help = The plugin asks the reflint on this computer. Start it with “reflint serve”; it shows its address and the file of its token.
reflint-preferences-address = Address
reflint-preferences-token-file = Token file
reflint-preferences-token = Or the token itself
reflint-preferences-test = Test Connection
reflint-preferences-rules = Rules
reflint-preferences-profile = Profile
reflint-profile-default = As the backend has it
reflint-profile-minimal = Minimal
reflint-profile-recommended = Recommended
reflint-profile-strict = Strict
reflint-test-good = reflint { $version } answers and knows { $rules } rules.
