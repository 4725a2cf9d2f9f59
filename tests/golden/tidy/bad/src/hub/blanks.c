int blank; 
int no_end;