/** Buttons: with words, or with an icon alone, which then has a label for those who do not see it and for whoever rests the pointer on it. */

import type { ComponentProps } from 'react';
import styles from './button.module.css';
import { Icon, type IconName } from './icon.tsx';

type Look = 'plain' | 'main' | 'bad';

export function Button({ look = 'plain', className = '', ...rest }: ComponentProps<'button'> & { readonly look?: Look }) {
  return <button type="button" {...rest} className={`${styles['button']} ${styles[look]} ${className}`} />;
}

interface IconButtonProps extends ComponentProps<'button'> {
  readonly icon: IconName;
  readonly label: string;
  readonly size?: number;
}

export function IconButton({ icon, label, size = 20, className = '', ...rest }: IconButtonProps) {
  return (
    <button type="button" aria-label={label} title={label} {...rest} className={`${styles['icon']} ${className}`}>
      <Icon name={icon} size={size} />
    </button>
  );
}
