"""A case while its author writes it: the file as it stands on the disk, and the case begun at any of its scenes.

draft      the file: its text, the last good case in it, what is wrong with it now, and that somebody saved it
proving    what playing it in every way proves, by a process of its own, while the author types on
beginning  a session that begins at any scene, with chosen feelings, facts and documents
rehearsal  a session without a journal, which goes on where it stood when the case has been edited
opening    the author's own editor, at a line
standing   where a session stands, as its author wants to know it: numbers, conditions, what each response would do

What the author's desk works with:

layout      a text seen by its indentation alone, whatever state it is in
outline     what stands in it, by its lines
looking     all that can be told about a text while its author types, in one look
completion  what can stand at the cursor, from the schema
insert      a scene, a response or anything else with an id, put where it belongs
saving      every byte as it was typed, never over what somebody else wrote, nothing lost on the way
"""
